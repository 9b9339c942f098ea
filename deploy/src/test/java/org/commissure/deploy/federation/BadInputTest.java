package org.commissure.deploy.federation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.commissure.privacy.audit.LogReader;
import org.commissure.privacy.identity.EnrolmentToken;
import org.commissure.privacy.identity.Invitation;
import org.commissure.protocol.UserError;
import org.commissure.protocol.loopback.LoopbackPorts;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What people get wrong, told by the real processes: what, where and the remedy, and never a stack trace. */
@Tag("e2e")
@ExtendWith(FinishedRun.Provider.class)
final class BadInputTest {
    private static final int FAILED = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final FinishedRun run;
    private final ProcessFederation processes;

    BadInputTest(FinishedRun run) {
        this.run = run;
        this.processes = run.processes();
    }

    @Test
    void aWrongTokenIsRefusedAndLogged(@TempDir Path folder) throws IOException {
        Path invitation = processes.invite("E");
        Invitation right = Invitation.read(invitation);
        new Invitation(
                        right.federationId(),
                        right.site(),
                        right.host(),
                        right.port(),
                        right.authoritySha256(),
                        EnrolmentToken.encode(EnrolmentToken.generate()),
                        right.expiresUnixMs())
                .write(invitation);

        assertExplained(enrol(invitation, folder), "token");
        assertLogged("enrolment.refused");
    }

    @Test
    void aTokenIsGoodOnce(@TempDir Path folder) throws IOException {
        Path invitation = processes.invite("F");
        enrol(invitation, folder.resolve("first")).orThrow();

        assertExplained(enrol(invitation, folder.resolve("second")), "token");
        assertThat(folder.resolve("second/home")).doesNotExist();
    }

    @Test
    void anotherAuthorityThanTheInvitedOneIsNotBelieved(@TempDir Path folder) {
        Path invitation = processes.invite("G");
        Invitation right = Invitation.read(invitation);
        new Invitation(
                        right.federationId(),
                        right.site(),
                        right.host(),
                        right.port(),
                        "00".repeat(32),
                        right.token(),
                        right.expiresUnixMs())
                .write(invitation);

        assertExplained(enrol(invitation, folder), "authority");
    }

    @Test
    void twoFederationsDoNotTalkToEachOther(@TempDir Path folder) throws IOException {
        try (ProcessFederation other = new ProcessFederation(processes.launcher(), folder)) {
            other.initialise("other", LoopbackPorts.free());
            other.startCoordinator();
            other.join("A", run.tiny().cohort("A"), run.tiny().policy());

            strangersFindTheWrongCoordinator(other);
            strangersAreRefusedByTheCoordinator(other, folder.resolve("forged"));
        }
    }

    /** The site's side: it will not talk to a coordinator whose certificate another authority issued. */
    private void strangersFindTheWrongCoordinator(ProcessFederation other) throws IOException {
        Path settings = other.siteHome("A").resolve("site.toml");
        Files.writeString(
                settings,
                Files.readString(settings)
                        .replaceFirst(
                                "coordinator_port = \\d+",
                                "coordinator_port = " + run.proxy().port()));
        ServerProcess stranger = other.startSite("A");
        stranger.await("its certificate is refused", PATIENCE);
        assertThat(stranger.said())
                .doesNotContain("connected to the coordinator")
                .doesNotContain("\tat ");
        stranger.stop();
    }

    /** The coordinator's side: a certificate of another authority, shown by somebody who trusts ours. */
    private void strangersAreRefusedByTheCoordinator(ProcessFederation other, Path forged) throws IOException {
        copy(
                processes.siteHome("A").resolve("identity"),
                Files.createDirectories(forged).resolve("identity"));
        for (String name : List.of("site.toml", "policy.toml")) {
            Files.copy(processes.siteHome("A").resolve(name), forged.resolve(name));
        }
        for (String name : List.of("tls.p12", "signing.p12", "password")) {
            Files.copy(
                    other.siteHome("A").resolve("identity").resolve(name),
                    forged.resolve("identity").resolve(name),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        assertExplained(processes.launcher().run("site", "serve", "--home", forged.toString()), "certificate");
        assertLogged("connection.refused");
    }

    @Test
    void anEncodingThatCouldOverflowIsRefusedBeforeTraining() {
        assertExplained(
                start(TinyFederation.template().with("scale_log2", "31")), "scale_log2", "does not fit the ring");
    }

    @Test
    void fewerSitesThanTheQuorumStartNoRun() {
        assertExplained(start(TinyFederation.template().with("minimum_sites", "40")), "40");
    }

    @Test
    void aMisspeltStudyKeyIsNamedWithTheRightOne() {
        StudyTemplate template = TinyFederation.template();
        assertExplained(
                start(new StudyTemplate(template.text().replace("local_steps", "local_stepz"))),
                "local_stepz",
                "local_steps");
    }

    @Test
    void aDamagedSeriesIsRejectedByNameWithAFix(@TempDir Path folder) throws IOException {
        Path cohort = folder.resolve("site-A");
        copy(run.tiny().cohort("A"), cohort);
        Path damaged;
        try (Stream<Path> files = Files.walk(cohort)) {
            damaged = files.filter(file -> file.toString().endsWith(".npy"))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(damaged);
        Files.write(damaged, Arrays.copyOf(bytes, bytes.length / 2));

        Finished check = processes
                .launcher()
                .run("cohort", "check", cohort.toString(), "--parcels", "12", "--minimum-frames", "40");

        assertThat(check.exit()).isZero();
        assertThat(check.output()).contains(damaged.getFileName().toString());
        assertThat(check.everything()).doesNotContain("\tat ");
    }

    @Test
    void aFolderThatIsNoSiteIsExplained(@TempDir Path folder) {
        assertExplained(processes.launcher().run("site", "serve", "--home", folder.toString()), "enrol");
    }

    @Test
    void wrongUsageEndsWithTwo() {
        assertThat(processes.launcher().run("coordinator", "invite").exit()).isEqualTo(2);
        assertThat(processes.launcher().run("site", "enrol").exit()).isEqualTo(2);
    }

    private Finished enrol(Path invitation, Path home) {
        return processes.enrol(
                invitation,
                home.resolve("home"),
                run.tiny().cohort("A"),
                run.tiny().policy());
    }

    /** Tries to start a run of a study; the model is that of the run before, which is what it would need. */
    private Finished start(StudyTemplate template) {
        Path study = run.tiny().unchecked(template, 1);
        return processes
                .launcher()
                .run(
                        "coordinator",
                        "run",
                        "start",
                        "--home",
                        processes.coordinatorHome().toString(),
                        "--study",
                        study.toString(),
                        "--model",
                        processes
                                .run(FinishedRun.RUN_ID)
                                .resolve("model.safetensors")
                                .toString());
    }

    /** Refusals reach the log at its next regular publication, a moment after the peer was told. */
    private void assertLogged(String action) {
        assertThat(Waiting.until(() -> isLogged(action), PATIENCE))
                .as("the log has an entry " + action)
                .isTrue();
    }

    private boolean isLogged(String action) {
        try {
            return LogReader.read(processes.log()).stream()
                    .anyMatch(logged -> logged.entry().getAction().equals(action));
        } catch (UserError beingWritten) {
            return false;
        }
    }

    private static void assertExplained(Finished command, String... words) {
        assertThat(command.exit()).as(command.everything()).isEqualTo(FAILED);
        assertThat(command.errors()).contains("error: ").contains("remedy: ").doesNotContain("\tat ");
        for (String word : words) {
            assertThat(command.errors()).containsIgnoringCase(word);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }
}
