// Numbers of RFC 5905 (appendix A.1.1 and section 7.2) under its names, in seconds where nothing
// else is said.

/** Frequency tolerance, s/s: how fast an unattended clock is assumed to drift. */
export const PHI = 15e-6;
/** Dispersion of what nothing is known of. */
export const MAXDISP = 16;
/** Stratum of a clock that is not synchronized. */
export const MAXSTRAT = 16;
/** Smallest part of a root delay: a source on the same machine is no better than that. */
export const MINDISP = 0.005;
/** Survivors that the clustering algorithm leaves standing. */
export const NMIN = 3;
/** Polls without an answer after which a dynamic association is given up. */
export const UNREACH = 12;
/** Packets of a burst, and the s between them. */
export const BCOUNT = 8;
export const BTIME = 2;

/** Leap indicator of a clock that is not synchronized. */
export const LEAP_UNKNOWN = 3;

/** Octets of an NTP header without extension fields and MAC. */
export const HEADER_LENGTH = 48;

export const MODE_ACTIVE = 1;
export const MODE_PASSIVE = 2;
export const MODE_CLIENT = 3;
export const MODE_SERVER = 4;
export const MODE_BROADCAST = 5;
