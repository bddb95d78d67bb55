/** What voters write to an election office: short, angry, long, in Spanish, in capitals, typed on a phone. Nobody of them exists. */

/** Subjects. */
export const VOTER_SUBJECTS = [
  'absentee ballot',
  'Where do I vote?',
  'BALLOT NOT ARRIVED',
  'Solicitud de boleta',
  'registration question',
  'Change of address',
  '(no subject)',
  'My mother ballot',
  'poll worker',
  'complaint',
  'Sunshine request',
  'photo id',
  'name change',
  'Voter card',
  'Question about early voting',
  'URGENTE boleta',
];

/** Letters. */
export const VOTER_LETTERS = [
  `Hi, I am {away at school|working out of state} until December and need an absentee ballot. My application is attached. My address is still in {place}. Thank you!`,
  `WHY DOES IT TAKE {TWO|THREE} WEEKS TO GET A BALLOT. I CALLED TWICE AND NOBODY PICKS UP. I HAVE VOTED IN {place} SINCE 1974 AND NEVER HAD THIS. FIX IT.`,
  `Buenos días, quisiera pedir una boleta por correo para mi esposa, que está enferma. Adjunto el formulario firmado. ¿Me pueden decir si falta algo? Muchas gracias.`,
  `moved from 3rd st to the new apartments by the school do i vote same place?? thx sent from phone`,
  `To whom it may concern: my name is misspelled on the card you mailed. It should have two t's. A picture of my driver license is enclosed. Kindly correct it before the election.`,
  `Hello, my father is in the nursing home and cannot come in. What does he have to sign so that he can vote there? The form is attached, I hope it's the right one.`,
  `This is a request under the Sunshine Law, chapter 610 RSMo. Please send me the number of absentee ballots received by day for the last three elections in {place}, in electronic form if you have it.`,
  `You people ought to be ashamed. The line at the church was two hours last time and there was ONE machine. What are you going to do about it? I want an answer in writing.`,
  `hey can i still register or did i miss it`,
  `Hola, soy ciudadano desde marzo. ¿Dónde me registro para votar y qué documentos necesito llevar? No manejo, ¿puedo hacerlo por correo?`,
  `Good evening. I'd like to be a poll worker again. I have done it for {eleven|fifteen} years, the last two as supervisor. Please find my availability attached.`,
  `I recieved a card saying im inactive, i live here my hole life and never moved. what is this about. please call me`,
  `Dear Clerk, I am stationed overseas with my family. Attached is the federal post card application, signed. Could you confirm by e-mail that it arrived? Mail takes three weeks here.`,
  `Is it true you need a new photo ID this year? My neighbor says the old license is not good any more. I'm 83 and don't drive.`,
  `PLEASE SEND ABSENTEE FORM TO MY HOUSE I DO NOT HAVE A PRINTER THANK YOU AND GOD BLESS`,
  `I took this picture of the sign at the polling place, it points to the wrong door. Somebody with a wheelchair will end up at the stairs. Could you move it before Tuesday?`,
  `Necesito cambiar mi dirección. Me mudé de la calle Cherry a la calle Walnut en agosto. Adjunto foto de mi recibo de luz. Gracias por su ayuda.`,
  `Hi there! We just got married and I took my husband's name. Which form do I need, and do I have to bring the certificate? A scan is attached in case that is enough.`,
  `i want my name of your list. i get junk from candidates every day because of you people. take me off TODAY or my lawyer will contact you`,
  `Good morning, our scout troop would like to see how a voting machine is tested. Do you give tours? We are twelve kids and three parents.`,
];
