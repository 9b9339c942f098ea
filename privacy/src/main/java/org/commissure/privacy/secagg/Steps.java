package org.commissure.privacy.secagg;

/** The names of the steps, as errors and the log give them. */
final class Steps {
    static final String CONFIG = "secure sum configuration";
    static final String ADVERTISE = "advertise keys";
    static final String ROSTER = "roster";
    static final String SHARE = "share keys";
    static final String DELIVERY = "share delivery";
    static final String MASK = "mask";
    static final String HEADER = "masked header";
    static final String PROPOSAL = "survivor proposal";
    static final String VOTE = "survivor vote";
    static final String REQUEST = "unmask request";
    static final String SHARES = "unmask shares";
    static final String UNMASK = "unmask";
    static final String RESULT = "aggregate result";
    static final String OPENING = "check opening";
    static final String CHALLENGE = "check challenge";
    static final String VALUE = "check value";
    static final String CHECK = "sum check";
    static final String RESTORE = "restore";

    /** Who relays everything, and is to blame where a relayed message has no known author. */
    static final String COORDINATOR = "coordinator";

    private Steps() {}
}
