package org.commissure.site.round;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.commissure.privacy.identity.EnrolledCertificates;
import org.commissure.privacy.identity.EnrolmentRequests;
import org.commissure.privacy.identity.IdentityStore;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.SumId;
import org.commissure.site.ExampleCohort;
import org.commissure.site.enrolment.SiteHome;
import org.commissure.site.policy.PolicyFile;
import org.commissure.site.storage.SiteDatabase;
import org.commissure.site.storage.SumRow;
import org.commissure.site.storage.SumStore;
import org.jspecify.annotations.Nullable;

/** An enrolled site that can be stopped and started again. */
final class SiteUnderTest implements AutoCloseable {
    final String name;
    final SiteHome home;
    final Path data;
    private final CompletableFuture<UserError> refusal = new CompletableFuture<>();
    private @Nullable SiteAgent agent;
    private @Nullable Thread thread;

    SiteUnderTest(Path folder, String name, FakeCoordinator coordinator, int patients) throws Exception {
        this.name = name;
        this.home = new SiteHome(Files.createDirectories(folder.resolve(name)));
        this.data = ExampleCohort.write(folder.resolve(name + "-data"), patients, name.hashCode() & 0xff);
        enrol(coordinator);
    }

    private void enrol(FakeCoordinator coordinator) throws Exception {
        EnrolmentRequests requests = EnrolmentRequests.generate(name);
        EnrolledCertificates issued =
                coordinator.authority.enrol(name, requests.tlsRequestDer(), requests.signingRequestDer());
        IdentityStore store = new IdentityStore(home.identity());
        store.saveAuthority(coordinator.authority.certificate());
        store.saveTls(requests.tlsIdentity(issued.tls(), coordinator.authority.certificate()));
        store.saveSigning(requests.signingIdentity(issued.signing()));
        Files.write(home.coordinatorSigning(), encoded(coordinator));
        Files.writeString(home.logVerifierKey(), coordinator.logVerifierKey);
        Files.createDirectories(home.outgoing());
        Files.createDirectories(home.models());
        policy(PolicyFile.DEFAULT.replace("epsilon_budget = 8.0", "epsilon_budget = 500.0"));
        Files.writeString(home.settings(), """
                federation = "fed"
                site = "%s"
                coordinator_host = "127.0.0.1"
                coordinator_port = %d
                authority_sha256 = "%s"
                data = "%s"
                """.formatted(name, coordinator.port(), "0".repeat(64), data));
    }

    private static byte[] encoded(FakeCoordinator coordinator) throws CertificateEncodingException {
        return coordinator.signing.certificate().getEncoded();
    }

    /** Rounds are tested without plans and without a charge for a count, but where a test says otherwise. */
    void policy(String text) throws IOException {
        policyWithCount(text, 0.0);
    }

    /** Without plans. @param epsilon of the number of patients */
    void policyWithCount(String text, double epsilon) throws IOException {
        policyWithApproval(text.replace("required = true", "required = false")
                .replace("cohort_counts_epsilon = 0.25", "cohort_counts_epsilon = " + epsilon));
    }

    void policyWithApproval(String text) throws IOException {
        Files.writeString(home.policy(), text);
    }

    SiteUnderTest start() {
        SiteAgent opened = SiteAgent.open(home, Clock.systemUTC());
        agent = opened;
        thread = Thread.ofPlatform().name("serve-" + name).daemon().start(() -> {
            try {
                opened.run();
            } catch (UserError e) {
                refusal.complete(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return this;
    }

    /** What ended the service for good. */
    UserError awaitRefusal() throws Exception {
        return refusal.get(60, TimeUnit.SECONDS);
    }

    byte[] signingCertificate() {
        try {
            return new IdentityStore(home.identity())
                    .loadSigning()
                    .certificate()
                    .getEncoded();
        } catch (CertificateEncodingException e) {
            throw new AssertionError(e);
        }
    }

    /** What is on disk about a sum, once it is in that phase. */
    SumRow awaitPhase(SumId sum, String phase) throws InterruptedException {
        SumStore store = new SumStore(SiteDatabase.open(home.database()));
        for (int i = 0; i < 400; i++) {
            SumRow row = store.find(sum).orElseThrow();
            if (row.phase().equals(phase)) {
                return row;
            }
            Thread.sleep(25);
        }
        throw new AssertionError(name + " is " + store.find(sum) + ", not " + phase);
    }

    /** Stops wherever it is; only what is on disk survives. */
    void stop() throws InterruptedException {
        if (agent != null) {
            agent.close();
        }
        if (thread != null) {
            thread.interrupt();
            thread.join();
        }
    }

    @Override
    public void close() throws InterruptedException {
        stop();
    }
}
