package org.commissure.coordinator.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.commissure.coordinator.round.LogPublisher;
import org.commissure.coordinator.round.Studies;
import org.commissure.coordinator.storage.Database;
import org.commissure.coordinator.storage.LogOutbox;
import org.commissure.coordinator.storage.PlanStore;
import org.commissure.coordinator.storage.TestDatabase;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.LogEntries;
import org.commissure.privacy.identity.FederationAuthority;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.LogEntry;
import org.commissure.protocol.v1.Outcome;
import org.commissure.protocol.v1.StudyPlan;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDatabase.class)
class PlanDeskTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String STUDY = Studies.text(2, 1, 60);

    @Parameter
    private TestDatabase kind = TestDatabase.SQLITE;

    @TempDir
    private Path folder;

    private Database database;
    private SigningIdentity signing;
    private LogOutbox outbox;
    private PlanDesk desk;

    @BeforeEach
    void open() {
        FederationAuthority authority = FederationAuthority.create(folder.resolve("ca"), "net", Clock.systemUTC());
        signing = authority.issueSigning(Role.COORDINATOR, "coordinator");
        database = kind.open(folder);
        outbox = new LogOutbox(database, signing, authority.certificate());
        desk = new PlanDesk(
                "net",
                signing,
                new PlanStore(database, outbox),
                new NoPublisher(),
                new SiteConnections(),
                Clock.systemUTC());
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aPublishedPlanIsSignedLoggedAndToldToWhoeverConnects() throws Exception {
        desk.publish(STUDY, " broad consent ", ByteString.EMPTY, Duration.ofDays(1));

        assertThat(desk.greeting()).hasSize(1);
        StudyPlan plan = SignedMessages.open(
                desk.greeting().getFirst().getStudyPlan(), StudyPlan.parser(), signing.certificate());
        assertThat(plan.getStudyText()).isEqualTo(STUDY);
        assertThat(plan.getLegalBasis()).isEqualTo("broad consent");
        assertThat(outbox.from(0, 10)).singleElement().satisfies(row -> {
            LogEntry entry = LogEntry.parseFrom(row.signed().getPayload());
            assertThat(entry.getAction()).isEqualTo(Actions.PLAN_PUBLISHED);
        });
    }

    @Test
    void theNewestWordOfEachSiteCountsAndAnOlderOneThatComesLateDoesNot() throws Exception {
        desk.publish(STUDY, "", ByteString.EMPTY, Duration.ofDays(1));
        String plan = plans().get(0).get("plan_sha256").asText();
        Instant now = Instant.now();
        desk.heard("A", word(Actions.PLAN_APPROVED, plan, "", now));
        desk.heard("A", word(Actions.PLAN_REVOKED, plan, "scanner fault", now.plusSeconds(9)));
        desk.heard("A", word(Actions.PLAN_APPROVED, plan, "", now.plusSeconds(1)));
        desk.heard("B", word(Actions.PLAN_REFUSED, "ff".repeat(32), "another plan", now));
        desk.heard("B", word(Actions.PLAN_REFUSED, "no hash", "", now));
        desk.heard("B", word(Actions.COHORT_SEALED, plan, "", now));

        JsonNode sites = plans().get(0).get("sites");
        assertThat(sites.get(0).get("decision").asText()).isEqualTo("revoked");
        assertThat(sites.get(0).get("reason").asText()).isEqualTo("scanner fault");
        assertThat(sites.get(1).get("decision").asText()).isEqualTo("none");
    }

    @Test
    void aStudyThatIsInForceIsNotPublishedAgain() throws Exception {
        desk.ensure(STUDY);
        desk.ensure(STUDY);
        assertThat(plans()).hasSize(1);
        desk.ensure(STUDY + "# another byte\n");
        assertThat(plans()).hasSize(2);
    }

    @Test
    void whatCannotBeMeantIsRefused() {
        assertThatThrownBy(() -> desk.publish("[study]\n", "", ByteString.EMPTY, Duration.ofDays(1)))
                .isInstanceOf(UserError.class);
        assertThatThrownBy(() -> desk.publish(STUDY, "", ByteString.copyFromUtf8("x"), Duration.ofDays(1)))
                .isInstanceOf(UserError.class);
        assertThatThrownBy(() -> desk.publish(STUDY, "", ByteString.EMPTY, Duration.ZERO))
                .isInstanceOf(UserError.class);
        assertThat(desk.greeting()).isEmpty();
    }

    private JsonNode plans() throws Exception {
        return JSON.readTree(desk.json(List.of("A", "B"))).get("plans");
    }

    private static LogEntry word(String action, String plan, String detail, Instant when) {
        return LogEntries.of(action, Outcome.DONE, when)
                .actor("A")
                .detail(detail)
                .fact("plan_sha256", plan)
                .build();
    }

    private static final class NoPublisher implements LogPublisher {
        @Override
        public void publish() {}

        @Override
        public ByteString checkpointSha256() {
            return ByteString.copyFrom(new byte[32]);
        }
    }
}
