package org.commissure.privacy.dp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.commissure.privacy.audit.LoggedEntry;
import org.commissure.protocol.v1.Fact;
import org.commissure.protocol.v1.LogEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EpsilonRecomputationTest {
    private static final double DELTA = 1e-5;
    private static final Instant NOW = Instant.parse("2026-11-01T10:00:00Z");

    @TempDir
    private Path folder;

    /** Local noise, then noise in the sum, then the same with the count of an adaptive clip norm, then a cohort's count. */
    private static final List<Charge> CHARGES = List.of(
            new Charge("a", 1, 1, Charge.GAUSSIAN, 1, 1.1, 0.1, 20, DELTA, NOW),
            new Charge(
                    "b",
                    1,
                    1,
                    Charge.DISTRIBUTED,
                    0.3,
                    1.5,
                    0.5,
                    1,
                    DELTA,
                    NOW,
                    Optional.of(new NoiseShare(1 << 20, 3, 12_345, OptionalDouble.empty()))),
            new Charge(
                    "c",
                    1,
                    2,
                    Charge.DISTRIBUTED,
                    0.1 + 0.2,
                    2.5,
                    1,
                    1,
                    DELTA,
                    NOW,
                    Optional.of(new NoiseShare(1 << 20, 7, 12_346, OptionalDouble.of(20.5)))),
            Charge.ofCount("cohort-1", 0.3, DELTA, NOW));

    @Test
    void theLogAloneGivesTheLedgersEpsilonOfEveryMode() {
        try (PrivacyLedger ledger = PrivacyLedger.open(folder.resolve("ledger.jsonl"))) {
            List<LoggedEntry> log = logged(ledger);
            EpsilonRecomputation found = EpsilonRecomputation.of(log, "NYU");
            assertThat(found.differences()).isEmpty();
            assertThat(found.spent(DELTA)).isEqualTo(ledger.spent(DELTA));
            LedgerContents reread = LedgerContents.read(folder.resolve("ledger.jsonl"));
            assertThat(found.differencesFrom(reread)).isEmpty();
            assertThat(reread.charges()).isEqualTo(CHARGES);
            assertThat(Double.parseDouble(found.stated().orElseThrow()))
                    .isBetween(
                            ledger.spent(DELTA).epsilon(), ledger.spent(DELTA).epsilon() + 1e-6);
            assertThat(EpsilonRecomputation.of(log, "PITT").charges()).isEmpty();
        }
    }

    @Test
    void aRepeatedEntryCountsOnce() {
        try (PrivacyLedger ledger = PrivacyLedger.open(folder.resolve("ledger.jsonl"))) {
            List<LoggedEntry> log = new ArrayList<>(logged(ledger));
            log.add(log.get(1));
            EpsilonRecomputation found = EpsilonRecomputation.of(log, "NYU");
            assertThat(found.differences()).isEmpty();
            assertThat(found.spent(DELTA)).isEqualTo(ledger.spent(DELTA));
        }
    }

    @Test
    void whatWasStatedButDoesNotFollowIsNamedByItsEntry() {
        try (PrivacyLedger ledger = PrivacyLedger.open(folder.resolve("ledger.jsonl"))) {
            List<LoggedEntry> log = logged(ledger);
            assertThat(EpsilonRecomputation.of(with(log, 2, "epsilon_spent", "0.100000"), "NYU")
                            .differences())
                    .singleElement()
                    .asString()
                    .contains("entry 2 states that epsilon 0.100000");
            assertThat(EpsilonRecomputation.of(with(log, 1, "noise_multiplier", "3.0"), "NYU")
                            .differences())
                    .hasSize(3); // there and in everything that builds on it
            assertThat(EpsilonRecomputation.of(with(log, 0, "steps", "many"), "NYU")
                            .differences()
                            .getFirst())
                    .contains("entry 0 is not understood");
            assertThat(EpsilonRecomputation.of(log.subList(0, 2), "NYU").differencesFrom(ledger.contents()))
                    .containsExactly(
                            "the log lacks the ledger's charge of run c round 1 attempt 2",
                            "the log lacks the ledger's charge of run cohort-1 round 0 attempt 0");
        }
    }

    /** Charges all, and logs each as a site does. */
    private static List<LoggedEntry> logged(PrivacyLedger ledger) {
        List<LoggedEntry> log = new ArrayList<>();
        for (Charge charge : CHARGES) {
            assertThat(ledger.charge(charge)).isTrue();
            double spent = ledger.spent(charge.delta()).epsilon();
            LogEntry entry = ChargeEntry.stating(ChargeEntry.of(charge, NOW), spent, 8 - spent)
                    .actor("NYU")
                    .build();
            log.add(new LoggedEntry(log.size(), "NYU", entry));
        }
        return log;
    }

    private static List<LoggedEntry> with(List<LoggedEntry> log, int index, String fact, String value) {
        List<LoggedEntry> changed = new ArrayList<>(log);
        LogEntry.Builder entry = log.get(index).entry().toBuilder();
        for (int i = 0; i < entry.getFactCount(); i++) {
            if (entry.getFact(i).getName().equals(fact)) {
                entry.setFact(i, Fact.newBuilder().setName(fact).setValue(value));
            }
        }
        changed.set(index, new LoggedEntry(index, "NYU", entry.build()));
        return changed;
    }
}
