/**
 * A list of 1,024 plain English words of 3 to 8 letters, by the alphabet: ten bits each. Chosen to be read aloud over a
 * telephone and known by everybody: no two are spelled alike but for a letter or two where that could be helped, words that
 * sound like others are left out, and so are words that somebody could take amiss. The list never changes, since a code that
 * was written down has to stay the same.
 */
const LIST = `
absent acorn active actor adobe agent agile album alley almond alpine amber amused anchor ancient animal
answer antler apple apron arch arena arrow artist ash aspen atlas attic autumn avenue award baby badge bagel
baker balcony balloon bamboo banana banjo bank banner barley barn barrel basic basin basket bath baton
beacon beagle bean beaver belt bicycle birch bird biscuit bison blanket blossom blouse bonnet boot border
bottle bowl box bracket branch brass brave bread brick bridge brief bright broad bronze brook broom brown
brush bubble bucket buckle budget buffalo bugle bundle bunny burlap busy butter button cabin cabinet cable
cactus cake calendar camel camera camp canal candle candy canoe canvas canyon captain caravan careful cargo
carpet carrot cashew castle casual cat cavern cedar celery cement center chain chalk chapter cheerful cherry
chess chicken chief child chimney chisel choir cider cinema circle circus citrus city classic clay clean
clear clerk clever cliff clock closet cloth cloud clover club coach coast cobalt cobbler coconut coffee coin
cold college comb comet common compass concert cool copper coral corner cotton couch cougar country county
cousin cow coyote cozy cradle crane crater crayon crest cricket crisp crop crown crystal cube cuff curious
curtain curve cushion custom cycle dainty daisy dance dancer dark dawn deep delta denim dentist desert desk
diamond dinner direct dish distant doctor dog doll dolphin domino donkey door doorway double dozen dragon
drawer dream dress drill drum dry duck dune dust eager eagle early earth easel easy echo egg elbow elegant
elephant elm emerald empire empty engine envelope equal estate evening exact expert fable fabric factory
falcon family famous fancy farm farmer fast faucet feather fence fern ferry festival fiddle field figure
film final finch finger fire fish flag flame flannel flask flat flock floor fluffy flute foam folder fond
forest fork formal fort fossil fountain frame freezer fresh friendly frog frost frozen fruit fudge full
funnel funny furnace galaxy gallery garage garden garlic garnet gazelle gecko gentle giant giddy gift ginger
giraffe glacier glad glass glossy glove glue goat goblet golden good goose gopher gown graceful grain grand
granite grape grateful gravel gravy green griddle grocery grove guard guest guitar gutter gym habit hallway
hammer hammock hamster handle happy harbor hard harvest hawk hay healthy heavy hedge helmet helpful heron
herring hidden hill hinge hobby hockey holiday hollow holly honest honey hook horizon horn hornet hospital
hotel hound huge humble hunter iceberg icicle icy idea igloo image inch index indigo ink inlet insect iris
iron island ivory jacket jade jaguar jar jasmine jeans jelly jersey jewel jigsaw jockey journal journey
joyful jug juice jungle juniper jury kangaroo kayak keen kennel kernel ketchup kettle keyboard kind kingdom
kitchen kite kitten kiwi koala label ladder ladle lady lagoon lake lamb lantern lapel larch large lasso
lasting laundry lava lavender lavish lawn lawyer lazy leaf leather lecture legend lemon lens leopard letter
lettuce level library light lilac lily lime linen lion little lively lizard llama lobster local locker long
lotus loud lucky lunch machine magic magnet magpie mailbox mallet mammal mango mansion map maple marble
margin marina market maroon marsh mask match meadow meal mellow melody melon member memory menu merchant
merry meteor midnight mighty mild mineral mint minute mirror mitten model modern modest molasses monkey
month moon mosaic moss motor mountain mouse movie muddy muffin mule museum mustard napkin narrow nature navy
neat neck necklace needle neighbor nephew nettle network new nickel noble noodle noon normal north notebook
novel novelty number nurse nursery nylon oak oasis oboe ocean octagon octopus odd office oil olive omelet
onion onyx opal open opera orange orbit orchard orchid orderly organ osprey ostrich otter outer oven owner
oyster package padlock page painter palace palm panda panel panther pantry papaya paper parade parcel park
parrot parsley partner pasta pastry pasture patch patient patio pavement peach peanut pearl pebble pecan
pelican pencil pendant penguin penny people pepper perfume person phone photo piano pickle picnic pig pigeon
pillow pilot pioneer pipe pirate pitcher pizza planet plank plaster plate playful plaza plow plumber pocket
poem poet pole polite pony popcorn poplar poppy popular porch portrait postcard potato pottery powder
prairie precise pretty printer prism program prompt proper proud pudding puddle pulley pumpkin pupil puppet
puppy purple puzzle pyramid quail quarry quart quarter question quick quiet quill quiver quiz rabbit raccoon
radar radio radish raft rail railroad rainbow raincoat raisin ranch ranger rapid rare rattle raven razor
ready real recipe record reef regular reptile rhubarb ribbon rice rich river robin robot robust rocket
rooster rope rough round rowboat royal ruby rudder ruler runner rural rusty saddle safari sailor salad
salmon salt salty sand sandal sandwich sapphire satin saucer saw scarf scarlet school science scissors
scooter scout screen scroll season seat secret secure seed shadow shampoo shark sharp shed sheep shelf shell
shelter sheriff shield ship shoe short shoulder shovel shrimp shy sidewalk signal silent silk silly silver
simple siren skate ski skirt sleepy sleeve slim slipper small smart smoke smooth snail snake snow soap
soccer social sock sofa soft soldier solid song sour south spade spare sparrow speaker special spice spider
spinach sponge spoon spotted spring spruce square squash squid squirrel stable stadium stage stamp star
starfish station statue steady steam step stew stocking stone stool storm story stove straw stream street
strong student studio sturdy sugar suitcase summer sunset super surface surgeon swallow swan sweater sweet
swift swing syrup tadpole talent tall tame taxi teacher teapot teaspoon tender tennis terrace theater thick
thimble thin thread throne thumb thunder ticket tidy tiger timber tinsel title toaster tomato tongue tooth
tortoise total towel toy track tractor tray treasure tree triangle trolley trophy trousers trout trumpet
trunk tulip tuna tundra turkey turnip turtle tuxedo twig umbrella unicorn uniform universe urchin usual
utensil vacuum valve vanilla vase vault vehicle velvet vendor veranda verse vessel vest video village
vinegar vintage violet violin visitor vivid voice volcano volume voyage vulture waffle wagon walnut walrus
warbler wasp water wave wax wedding wheat wheel whisker whistle wick wide window winter witty wolf woman
wonder woolen workshop wren wrist writer yacht year yeast yogurt yolk young zebra zenith zero zesty zigzag
zinc zipper zone zoo
`;

/** The words, by their number. */
export const CODE_WORDS: readonly string[] = LIST.trim().split(/\s+/);
