package org.commissure.site.console;

import org.commissure.protocol.v1.SumKind;

/** What a phase of a sum means, for somebody who has not read the protocol. */
final class PhaseWords {
    private PhaseWords() {}

    static String kind(SumKind kind) {
        return switch (kind) {
            case TRAIN -> "training";
            case EVALUATE -> "evaluation";
            case STATISTICS -> "statistics";
            case FIT -> "fit";
            case REFINE -> "refinement";
            case OVERLAP -> "search for patients in two hospitals";
            case SCALE -> "scaling of features";
            case HARMONISE -> "harmonisation";
            case SUM_KIND_UNSPECIFIED, UNRECOGNIZED -> "a sum of another version";
        };
    }

    /** @param phase as the site's database names it */
    static String now(String phase) {
        return switch (phase) {
            case "sealing" -> "is sealing which patients train and which evaluate, in the log";
            case "invited" -> "has accepted and waits for the other sites";
            case "advertised" -> "has sent its public keys and waits for the list of all sites";
            case "shared" -> "has dealt out its secret shares and waits for the others'";
            case "training" -> "is computing on this hospital's own patients";
            case "uploading" -> "is uploading its masked vector";
            case "uploaded" -> "has uploaded its masked vector and waits for the other sites";
            case "voted" -> "has agreed who is in the sum and waits for the request to open it";
            case "unmasked" -> "has helped to open the sum and waits for the result";
            case "opened", "proved" -> "is checking the released sum together with the other sites";
            case "released" -> "is done: the sum over all sites was released";
            case "refused" -> "refused to take part";
            case "abandoned" -> "ended before the sum was opened";
            default -> "is in phase " + phase;
        };
    }
}
