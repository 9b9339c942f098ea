package org.commissure.privacy.audit;

import java.util.Optional;
import org.commissure.protocol.v1.Fact;
import org.commissure.protocol.v1.LogEntry;

/** Reads the facts of an entry. What a site states is what it says, and no more. */
public final class Facts {
    private Facts() {}

    /** The value of fact {@code name}, if the entry states it. */
    public static Optional<String> text(LogEntry entry, String name) {
        return entry.getFactList().stream()
                .filter(fact -> fact.getName().equals(name))
                .map(Fact::getValue)
                .findFirst();
    }

    /** As {@link #text}; one that is no finite number of zero or more counts as not stated. */
    public static Optional<Double> number(LogEntry entry, String name) {
        try {
            return text(entry, name).map(Double::valueOf).filter(value -> Double.isFinite(value) && value >= 0);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
