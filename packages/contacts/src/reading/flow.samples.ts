/**
 * Flow records: AWS's as "Flow log records" and "Flow log record examples" show them; nfdump 1.7.1's as it printed them
 * from packets made for it. Addresses are for documentation.
 */
const ENI = '2 123456789010 eni-0f1e2d3c4b5a69788';

export const AWS_SAMPLES: readonly string[] = [
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status',
  `${ENI} 192.0.2.7 198.18.0.9 20641 22 6 20 4249 1791584000 1791584060 ACCEPT OK`,
  `${ENI} 192.0.2.7 198.18.0.9 49761 3389 6 20 4249 1791584000 1791584060 REJECT OK`,
  `${ENI} 2001:db8::7 2001:db8:4f::9 34892 22 6 54 8855 1791584000 1791584060 ACCEPT OK`,
  `${ENI} 192.0.2.8 198.18.0.9 0 0 1 4 336 1791584000 1791584060 ACCEPT OK`,
  `${ENI} 192.0.2.53 198.18.0.9 53 40000 17 1 76 1791584001 1791584061 ACCEPT OK`,
  `${ENI} - - - - - - - 1791584000 1791584060 - NODATA`,
  `${ENI} - - - - - - - 1791584000 1791584060 - SKIPDATA`,
];

/** Custom fields, with the flags that tell who began. */
export const AWS_CUSTOM_SAMPLES: readonly string[] = [
  'version vpc-id srcport dstport srcaddr dstaddr protocol bytes tcp-flags flow-direction start action log-status',
  '5 vpc-abcdefab012345678 52221 443 192.0.2.7 198.18.0.9 6 4249 3 ingress 1791584000 ACCEPT OK',
  '5 vpc-abcdefab012345678 443 52221 198.18.0.9 192.0.2.7 6 14249 19 egress 1791584000 ACCEPT OK',
  '5 vpc-abcdefab012345678 52222 23 192.0.2.7 198.18.0.9 6 44 2 ingress 1791584000 REJECT OK',
  '5 vpc-abcdefab012345678 52223 443 192.0.2.7 198.18.0.9 6 44 0 ingress 1791584060 ACCEPT OK',
  '5 vpc-abcdefab012345678 52224 443 192.0.2.7 198.18.0.9 6 44 4 ingress 1791584060 ACCEPT OK',
];

const REST =
  '0,0,0,0,0,0,0,0,0.0.0.0,0.0.0.0,0,0,00:00:00:00:00:00,00:00:00:00:00:00,00:00:00:00:00:00,00:00:00:00:00:00,0-0-0,0-0-0,0-0-0,0-0-0,0-0-0,0-0-0,0-0-0,0-0-0,0-0-0,0-0-0,    0.000,    0.000,    0.000,0.0.0.0,0/0,1,1970-01-01 00:00:00.000';
const TIMES = '2026-10-09 22:13:20,2026-10-09 22:13:20';

export const NFDUMP_SAMPLES: readonly string[] = [
  'ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt,in,out,sas,das,smk,dmk,dtos,dir,nh,nhb,svln,dvln,ismc,odmc,idmc,osmc,mpls1,mpls2,mpls3,mpls4,mpls5,mpls6,mpls7,mpls8,mpls9,mpls10,cl,sl,al,ra,eng,exid,tr',
  `${TIMES},0.060,192.0.2.7,198.18.0.9,5000,80,TCP,...AP.SF,0,0,4,160,3,120,${REST}`,
  `${TIMES},0.050,198.18.0.9,192.0.2.7,80,5000,TCP,...AP.SF,0,0,3,120,0,0,${REST}`,
  `${TIMES},0.050,192.0.2.7,198.18.0.9,5000,80,TCP,...AP.SF,0,0,4,160,0,0,${REST}`,
  `${TIMES},0.000,192.0.2.7,198.18.0.9,5001,22,TCP,......S.,0,0,1,40,0,0,${REST}`,
  `${TIMES},0.010,192.0.2.7,198.18.0.9,5002,23,TCP,......S.,0,0,1,40,1,40,${REST}`,
  `${TIMES},0.020,192.0.2.7,198.18.0.9,5003,25,TCP,.....RS.,0,0,2,80,1,44,${REST}`,
  `${TIMES},0.000,192.0.2.7,198.18.0.9,5004,443,TCP,........,0,0,1,40,0,0,${REST}`,
  `${TIMES},0.000,192.0.2.7,198.18.0.9,5004,444,TCP,..U.P..F,0,0,1,40,0,0,${REST}`,
  `${TIMES},0.010,192.0.2.7,198.18.0.9,5005,53,UDP,........,0,0,1,32,1,32,${REST}`,
  `${TIMES},0.000,192.0.2.7,198.18.0.9,5006,161,UDP,........,0,0,1,32,0,0,${REST}`,
  `${TIMES},0.000,192.0.2.7,198.18.0.9,0,2048,ICMP,........,0,0,1,28,0,0,${REST}`,
  `${TIMES},0.000,192.0.2.7,198.18.0.9,0,8.0,ICMP,........,0,0,1,28,0,0,${REST}`,
  `${TIMES},0.000,2001:db8::7,2001:db8:4f::9,5007,22,TCP,......S.,0,0,1,60,0,0,${REST}`,
  `${TIMES},0.000,2001:db8::7,2001:db8:4f::9,0,32768,ICMP6,........,0,0,1,48,0,0,${REST}`,
  `${TIMES},0.000,192.0.2.7,198.18.0.9,5008,445,TCP,......S.,128,0,1,40,0,0,${REST}`,
  'Summary',
  'flows,bytes,packets,avg_bps,avg_pps,avg_bpp',
  '17,916,23,33309,104,39',
];
