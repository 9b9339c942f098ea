package org.commissure.coordinator.round;

/** Whether a site can be reached, as far as the run is concerned. */
public sealed interface Presence {

    /** Its control stream is open. */
    record Connected() implements Presence {}

    /** Lost at {@code sinceUnixMs}; still awaited until the study's reconnect grace is over. */
    record Away(long sinceUnixMs) implements Presence {}

    /** Not awaited any more; it takes part again as soon as it connects. */
    record Gone() implements Presence {}
}
