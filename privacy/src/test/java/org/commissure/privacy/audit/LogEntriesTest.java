package org.commissure.privacy.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.commissure.protocol.v1.Fact;
import org.commissure.protocol.v1.LogEntry;
import org.commissure.protocol.v1.Outcome;
import org.junit.jupiter.api.Test;

class LogEntriesTest {
    private final LogEntries entry = LogEntries.of(Actions.SITE_ENROLLED, Outcome.DONE, Instant.ofEpochMilli(7))
            .actor("coordinator");

    @Test
    void factsAreSortedByNameWhateverTheOrderTheyCameIn() {
        LogEntry built =
                entry.fact("site", "NYU").fact("epsilon", 0.1).fact("round", 3).build();
        assertThat(built.getFactList()).extracting(Fact::getName).containsExactly("epsilon", "round", "site");
        assertThat(built.getFactList()).extracting(Fact::getValue).containsExactly("0.1", "3", "NYU");
        assertThat(built.getTimeUnixMs()).isEqualTo(7);
    }

    @Test
    void aFactIsStatedOnce() {
        entry.fact("site", "NYU");
        assertThatThrownBy(() -> entry.fact("site", "PITT")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anEntryWithoutAnActorIsNotBuilt() {
        assertThatThrownBy(() -> LogEntries.of(Actions.RUN_STARTED, Outcome.DONE, Instant.EPOCH)
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("names no actor");
    }

    @Test
    void aLongDetailIsCut() {
        assertThat(entry.detail("x".repeat(100_000)).build().getDetail())
                .hasSize(4_001)
                .endsWith("…");
    }
}
