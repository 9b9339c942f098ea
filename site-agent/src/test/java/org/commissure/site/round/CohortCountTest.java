package org.commissure.site.round;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.Facts;
import org.commissure.privacy.audit.LoggedEntry;
import org.commissure.privacy.dp.Charge;
import org.commissure.privacy.dp.EpsilonRecomputation;
import org.commissure.privacy.dp.LedgerContents;
import org.commissure.privacy.dp.NoisedCount;
import org.commissure.protocol.study.StudyFile;
import org.commissure.protocol.v1.LogEntry;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SumId;
import org.commissure.protocol.v1.SumKind;
import org.commissure.site.ExampleCohort;
import org.commissure.site.ExampleStudy;
import org.commissure.site.plan.PlanCost;
import org.commissure.site.policy.PolicyFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real site states of its cohort's size, over real mutual TLS. */
final class CohortCountTest {
    private static final int PATIENTS = 14;

    @TempDir
    private Path folder;

    private final StudyFile study = new ExampleStudy().file();
    private FakeCoordinator coordinator;
    private SiteUnderTest site;

    @BeforeEach
    void startSite() throws Exception {
        coordinator = new FakeCoordinator(folder);
        site = new SiteUnderTest(folder, "A", coordinator, PATIENTS);
    }

    @AfterEach
    void stopSite() throws Exception {
        site.close();
        coordinator.close();
    }

    @Test
    void theNumberIsDrawnOnceAndChargedOnceAlsoAcrossRunsAndRestarts() throws Exception {
        site.policyWithCount(PolicyFile.DEFAULT, 0.5);
        serve();
        seal("run-1");
        seal("run-2");
        site.stop();
        coordinator.streams.remove("A");
        serve();
        seal("run-3");
        List<LogEntry> seals = entries(Actions.COHORT_SEALED);
        assertThat(seals).hasSize(3);
        assertThat(seals.stream().map(NoisedCount::stated).map(Optional::orElseThrow))
                .allSatisfy(count -> {
                    assertThat(count.epsilon()).isEqualTo(0.5);
                    assertThat(count.noised()).isBetween(PATIENTS - 60L, PATIENTS + 60L); // but once in 10¹³ draws
                })
                .containsOnly(NoisedCount.stated(seals.getFirst()).orElseThrow());
        // The noise is all that stands between the entry and the number: nothing else in it has digits of it.
        assertThat(seals)
                .allSatisfy(entry -> assertThat(Facts.text(entry, "patients")).isEmpty());
        LedgerContents ledger = LedgerContents.read(site.home.ledger());
        assertThat(ledger.charges()).singleElement().satisfies(charge -> {
            assertThat(charge.mechanism()).isEqualTo(Charge.COUNT);
            assertThat(charge.noiseMultiplier()).isEqualTo(2);
        });
        assertThat(entries(Actions.PRIVACY_CHARGED)).hasSize(1);
        EpsilonRecomputation recomputed = EpsilonRecomputation.of(logged(), "A");
        assertThat(recomputed.differences()).isEmpty();
        assertThat(recomputed.differencesFrom(ledger)).isEmpty();
        assertThat(recomputed.spent(1e-5).epsilon())
                .isBetween(0.4, 0.51); // the conversion from a finite order costs a little
    }

    @Test
    void anotherCohortIsAnotherDrawAndAnotherCharge() throws Exception {
        site.policyWithCount(PolicyFile.DEFAULT.replace("epsilon_budget = 8.0", "epsilon_budget = 500.0"), 0.5);
        serve();
        seal("run-1");
        site.stop();
        coordinator.streams.remove("A");
        ExampleCohort.write(site.data, PATIENTS + 1, 3);
        serve();
        seal("run-2");
        assertThat(LedgerContents.read(site.home.ledger()).charges())
                .extracting(Charge::runId)
                .hasSize(2)
                .doesNotHaveDuplicates();
    }

    @Test
    void withoutAnEpsilonNoNumberLeavesAndNothingIsCharged() throws Exception {
        site.policyWithCount(PolicyFile.DEFAULT, 0.0);
        serve();
        seal("run-1");
        assertThat(NoisedCount.stated(entries(Actions.COHORT_SEALED).getFirst()))
                .isEmpty();
        assertThat(LedgerContents.read(site.home.ledger()).charges()).isEmpty();
    }

    @Test
    void aNumberThatWouldTakeTheBudgetOfTheStudyIsNotStated() throws Exception {
        double cost = PlanCost.epsilon(study.study());
        site.policyWithCount(
                PolicyFile.DEFAULT.replace("epsilon_budget = 8.0", "epsilon_budget = " + (cost + 0.001)), 0.5);
        serve();
        seal("run-1");
        assertThat(NoisedCount.stated(entries(Actions.COHORT_SEALED).getFirst()))
                .isEmpty();
        assertThat(LedgerContents.read(site.home.ledger()).charges()).isEmpty();
        // With room for both, the next run states it.
        site.policyWithCount(
                PolicyFile.DEFAULT.replace("epsilon_budget = 8.0", "epsilon_budget = " + (cost + 0.5)), 0.5);
        seal("run-2");
        assertThat(NoisedCount.stated(entries(Actions.COHORT_SEALED).getLast())).isPresent();
    }

    @Test
    void anotherPolicyLaterDoesNotDrawAgain() throws Exception {
        site.policyWithCount(PolicyFile.DEFAULT, 0.5);
        serve();
        seal("run-1");
        site.policyWithCount(PolicyFile.DEFAULT.replace("maximum_delta = 1e-5", "maximum_delta = 2e-5"), 0.125);
        seal("run-2");
        assertThat(entries(Actions.COHORT_SEALED).stream()
                        .map(NoisedCount::stated)
                        .distinct())
                .hasSize(1);
        assertThat(LedgerContents.read(site.home.ledger()).charges()).hasSize(1);
    }

    private void serve() throws Exception {
        site.start();
        coordinator.awaitConnected("A");
    }

    /** The evaluation of an initial model begins a run; it costs nothing itself. */
    private void seal(String run) throws Exception {
        SumId sum = SumId.newBuilder()
                .setRunId(run)
                .setKind(SumKind.EVALUATE)
                .setAttempt(1)
                .build();
        assertThat(new Conversation(sum, study, coordinator, List.of(site))
                        .invite(site)
                        .getAccepted())
                .isTrue();
    }

    private List<LogEntry> entries(String action) {
        return logged().stream()
                .map(LoggedEntry::entry)
                .filter(entry -> entry.getAction().equals(action))
                .toList();
    }

    private List<LoggedEntry> logged() {
        List<Signed> log = List.copyOf(coordinator.log);
        return IntStream.range(0, log.size())
                .mapToObj(index -> {
                    try {
                        LogEntry entry = LogEntry.parseFrom(log.get(index).getPayload());
                        return new LoggedEntry(index, entry.getActor(), entry);
                    } catch (InvalidProtocolBufferException e) {
                        throw new AssertionError(e);
                    }
                })
                .toList();
    }
}
