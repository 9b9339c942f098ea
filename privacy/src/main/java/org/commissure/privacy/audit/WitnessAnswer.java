package org.commissure.privacy.audit;

/** What a witness says to a {@link CheckpointOffer}. */
public sealed interface WitnessAnswer {

    /**
     * It agrees, and has made that durable.
     *
     * @param line a signature line of a note, with its end of line
     */
    record Cosigned(String line) implements WitnessAnswer {}

    /**
     * The proof starts elsewhere than where this witness stands.
     *
     * @param size of the last checkpoint that it saw; 0 for none
     */
    record StandsElsewhere(long size) implements WitnessAnswer {}

    /**
     * It will never sign this: the log was forked or shortened, or somebody else signed it.
     *
     * @param first whether it was kept just now, and people must be told; not so for one that was refused before,
     *     nor after very many
     */
    record Refused(String reason, boolean first) implements WitnessAnswer {}
}
