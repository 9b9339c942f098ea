package org.commissure.site.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.Signed;
import org.commissure.site.ExampleStudy;
import org.commissure.site.policy.SitePolicy;
import org.commissure.site.storage.PlanStore;
import org.commissure.site.storage.SiteDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanBookTest {
    private static final SitePolicy.Approval ONE = new SitePolicy.Approval(true, 1, List.of());

    @TempDir
    private Path folder;

    private ExamplePlan example;
    private SiteDatabase database;
    private PlanStore store;
    private PlanBook book;
    private SignedPlan plan;

    @BeforeEach
    void receiveAPlan() throws Exception {
        example = new ExamplePlan(folder);
        database = SiteDatabase.open(folder.resolve("site.db"));
        store = new PlanStore(database);
        book = new PlanBook(store);
        plan = receive(example.sign());
    }

    private SignedPlan receive(Signed signed) throws PlanRefusedException {
        SignedPlan opened = example.open(signed);
        assertThat(book.receive(opened, signed, Instant.now())).isTrue();
        assertThat(book.receive(opened, signed, Instant.now())).isFalse();
        return opened;
    }

    @Test
    void aPlanStandsWhereTheLastDecisionPutIt() {
        assertThat(status(ONE)).isEqualTo(PlanState.Status.WAITING);
        decide("approve", "anna", terms(8), ByteString.EMPTY, "");
        assertThat(status(ONE)).isEqualTo(PlanState.Status.APPROVED);
        decide("revoke", "ben", "", ByteString.EMPTY, "scanner fault");
        assertThat(status(ONE)).isEqualTo(PlanState.Status.REVOKED);
        assertThat(book.state(plan, ONE).reason()).isEqualTo("scanner fault");
        decide("approve", "anna", terms(4), ByteString.EMPTY, "");
        assertThat(book.state(plan, ONE).terms())
                .hasValueSatisfying(terms -> assertThat(terms.epsilon()).isEqualTo(4));
        decide("refuse", "anna", "", ByteString.EMPTY, "no");
        assertThat(status(ONE)).isEqualTo(PlanState.Status.REFUSED);
    }

    @Test
    void twoDifferentStewardsMustSignTheSameTerms() {
        StewardKey anna = StewardKey.create("anna", folder.resolve("anna.key"));
        StewardKey ben = StewardKey.read(keyFile("ben"));
        SitePolicy.Approval two = new SitePolicy.Approval(true, 2, List.of(anna.publicLine(), ben.publicLine()));

        approve(anna, terms(8));
        approve(anna, terms(8));
        assertThat(status(two)).isEqualTo(PlanState.Status.HALF_APPROVED);
        approve(ben, terms(9)); // other terms: nothing that both said
        assertThat(status(two)).isEqualTo(PlanState.Status.HALF_APPROVED);
        approve(ben, terms(8));
        assertThat(status(two)).isEqualTo(PlanState.Status.APPROVED);
        assertThat(book.state(plan, two).stewards()).containsExactly("anna", "ben");
    }

    @Test
    void anApprovalInTheNameOfAStewardWithoutTheStewardsKeyCountsForNothing() {
        StewardKey anna = StewardKey.create("anna", folder.resolve("anna.key"));
        StewardKey impostor = StewardKey.create("anna", folder.resolve("impostor.key"));
        SitePolicy.Approval keyed = new SitePolicy.Approval(true, 1, List.of(anna.publicLine()));

        approve(impostor, terms(8));
        decide("approve", "anna", terms(8), ByteString.EMPTY, "");
        assertThat(status(keyed)).isEqualTo(PlanState.Status.WAITING);
        approve(anna, terms(8));
        assertThat(status(keyed)).isEqualTo(PlanState.Status.APPROVED);
    }

    @Test
    void thePlanOfAStudyIsTheApprovedOneWhereThereAreTwo() throws Exception {
        decide("approve", "anna", terms(8), ByteString.EMPTY, "");
        SignedPlan again = receive(example.coordinator()
                .sign(ExamplePlan.of(new ExampleStudy().file())
                        .setLegalBasis("another")
                        .build()));
        assertThat(book.ofStudy(new ExampleStudy().file(), ONE, Instant.now()))
                .map(SignedPlan::sha256)
                .contains(plan.sha256());
        assertThat(book.lastApproved(again)).map(SignedPlan::sha256).contains(plan.sha256());
        assertThat(PlanDiff.between(plan, again))
                .filteredOn(change -> !change.key().equals("expires"))
                .singleElement()
                .satisfies(change -> assertThat(change.key() + change.before() + change.after())
                        .isEqualTo("legal_basisbroad consentanother"));
        assertThat(book.ofStudy(new ExampleStudy().with("rounds", "count", "9").file(), ONE, Instant.now()))
                .isEmpty();
        assertThatThrownBy(() -> book.named("zz")).isInstanceOf(UserError.class);
        assertThat(book.named(again.id()).sha256()).isEqualTo(again.sha256());
    }

    @Test
    void aDifferenceNamesEachKeyOnce() throws Exception {
        SignedPlan less = receive(example.coordinator()
                .sign(ExamplePlan.of(new ExampleStudy()
                                .with("privacy", "noise_multiplier", "0.5")
                                .with("training", "schedule", "\"cosine\"")
                                .file())
                        .setCreatedUnixMs(plan.plan().getCreatedUnixMs())
                        .setExpiresUnixMs(plan.plan().getExpiresUnixMs())
                        .build()));
        assertThat(PlanDiff.between(plan, less))
                .containsExactlyInAnyOrder(
                        new PlanDiff.Change("privacy.noise_multiplier", "1", "0.5"),
                        new PlanDiff.Change("training.schedule", "", "cosine"));
        assertThat(PlanDiff.between(less, plan)).contains(new PlanDiff.Change("training.schedule", "cosine", ""));
    }

    @Test
    void aStewardsKeyFileIsPrivateAndNotReplaced() throws Exception {
        Path file = keyFile("carla");
        assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
        assertThatThrownBy(() -> StewardKey.create("carla", file)).isInstanceOf(UserError.class);
        assertThatThrownBy(() -> StewardKey.create("car la", folder.resolve("x.key")))
                .isInstanceOf(UserError.class);
        Files.writeString(file, "commissure steward key\ncarla:abc\nnot base64!\n");
        assertThatThrownBy(() -> StewardKey.read(file))
                .isInstanceOf(UserError.class)
                .hasMessageNotContaining("base64!");
    }

    private Path keyFile(String name) {
        Path file = folder.resolve(name + ".key");
        StewardKey.create(name, file);
        return file;
    }

    private PlanState.Status status(SitePolicy.Approval rule) {
        return book.state(plan, rule).status();
    }

    private void approve(StewardKey key, String terms) {
        decide(
                "approve",
                key.name(),
                terms,
                ByteString.copyFrom(key.sign(ApprovalTerms.parse(terms).orElseThrow())),
                "");
    }

    private String terms(double epsilon) {
        return new ApprovalTerms(
                        plan.hex(),
                        List.of("train", "evaluate"),
                        plan.purpose(),
                        "ab".repeat(32),
                        "cd".repeat(32),
                        epsilon,
                        plan.expires())
                .text();
    }

    private void decide(String action, String steward, String terms, ByteString signature, String reason) {
        database.transaction(handle -> store.decide(
                handle, new PlanStore.Decision(plan.sha256(), action, steward, terms, signature, reason, 1)));
    }
}
