package org.commissure.site.connection;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLException;
import org.commissure.privacy.identity.Certificates;
import org.commissure.privacy.identity.FederationTrustManager;
import org.commissure.privacy.identity.Role;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.FederationGrpc;
import org.commissure.protocol.v1.SiteFrame;
import org.commissure.protocol.v1.SumId;
import org.commissure.site.membership.Membership;
import org.commissure.site.membership.Renewal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one control stream to the coordinator open, for as long as the process lives: a lost stream
 * is opened again after a pause that grows and is never the same at two sites. Thread-safe.
 */
public final class SiteConnection implements CoordinatorLink, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SiteConnection.class);
    /** The connection looks this often whether a certificate is to be renewed. */
    private static final Duration RENEWAL_LOOK = Duration.ofSeconds(1);

    /** A site moves on to the next address before it waits as long as between two rounds of all of them. */
    private static final long NEXT_ADDRESS_MS = 500;

    private final List<CoordinatorAddress> addresses;
    private final RotatingChannel channel;
    private final Membership membership;
    private final Renewal renewal;
    private final ModelStore models;
    private final ModelStore sums;
    private final Clock clock;
    private final RandomGenerator random;
    private final String agentVersion;
    private final ScheduledExecutorService heartbeats = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("heartbeat").daemon().factory());
    private final ScheduledExecutorService renewals = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("renewal").daemon().factory());
    private final AtomicReference<@Nullable ControlStream> current = new AtomicReference<>();
    private volatile int present;
    private volatile String problem = "";
    private volatile boolean closed;

    /**
     * @param addresses at which the coordinator may be found: of several replicas only the leader answers, so each is
     *     tried in turn
     * @param membership whose certificates open the connection, and are renewed over it
     * @param models folder for downloaded models; sums to be checked lie beside it
     */
    public SiteConnection(
            List<CoordinatorAddress> addresses,
            Membership membership,
            Path models,
            Clock clock,
            RandomGenerator random,
            String agentVersion) {
        this.addresses = List.copyOf(addresses);
        this.membership = membership;
        this.channel = new RotatingChannel(this::openChannel);
        this.renewal = new Renewal(membership, clock);
        this.models = new ModelStore(models);
        this.sums = new ModelStore(models.resolveSibling("sums"));
        this.clock = clock;
        this.random = random;
        this.agentVersion = agentVersion;
    }

    private ManagedChannel openChannel() {
        try {
            return SiteChannel.open(
                    address(),
                    membership.tls(),
                    new FederationTrustManager(membership.verifier(), EnumSet.of(Role.COORDINATOR)));
        } catch (SSLException e) {
            throw new UserError("the site's TLS identity cannot be used: " + e.getMessage(), "enrol the site again", e);
        }
    }

    /** Open streams stay where they are; only a new signing certificate needs a new control stream. */
    private void renewDue() {
        try {
            Renewal.Outcome outcome = renewal.renewDue(channel);
            if (outcome == Renewal.Outcome.NOTHING || closed) {
                return;
            }
            channel.replace();
            ControlStream stream = current.get();
            if (outcome == Renewal.Outcome.TLS_AND_SIGNING && stream != null) {
                stream.close();
            }
        } catch (RuntimeException e) {
            LOG.error("the renewal of certificates failed", e);
        }
    }

    /**
     * Blocks until {@link #close}.
     *
     * @throws UserError if the coordinator will not have this site: another protocol version, an
     *     expired or refused certificate
     */
    public void run(FrameListener listener) throws InterruptedException {
        Backoff backoff = new Backoff(random);
        String lastProblem = "";
        int failed = 0;
        var unused = renewals.scheduleWithFixedDelay(this::renewDue, 0, RENEWAL_LOOK.toMillis(), TimeUnit.MILLISECONDS);
        while (!closed) {
            checkCertificate();
            ControlStream stream = new ControlStream(listener, membership, heartbeats, clock);
            current.set(stream); // before it opens: the listener may answer at once
            stream.open(FederationGrpc.newStub(channel.get()), agentVersion);
            if (closed) {
                stream.close();
            }
            Status status = await(stream);
            current.set(null);
            if (closed) {
                return;
            }
            refuse(status);
            if (stream.wasWelcomed()) {
                backoff.reset();
                lastProblem = "";
                failed = 0;
            }
            String why = problem(status);
            String whereAndWhy = address() + ": " + why;
            problem = whereAndWhy;
            if (!whereAndWhy.equals(lastProblem) && failed < addresses.size()) {
                LOG.warn("no connection to the coordinator at {}; trying again", whereAndWhy);
                lastProblem = whereAndWhy;
            }
            boolean another = false;
            if (!stream.wasWelcomed()) {
                failed++;
                another = failed % addresses.size() != 0;
                moveOn();
            }
            Thread.sleep(another ? Duration.ofMillis(random.nextLong(NEXT_ADDRESS_MS)) : backoff.next());
        }
    }

    private CoordinatorAddress address() {
        return addresses.get(present);
    }

    private void moveOn() {
        if (addresses.size() > 1) {
            present = (present + 1) % addresses.size();
            channel.move();
        }
    }

    private static Status await(ControlStream stream) throws InterruptedException {
        try {
            return stream.ended().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a stream ends with a status", e);
        }
    }

    private Optional<UserError> clockProblem() {
        return CoordinatorClock.problem(
                address(), Certificates.fingerprint(membership.verifier().authority()), clock);
    }

    private void checkCertificate() {
        X509Certificate certificate = membership.tls().certificate();
        Duration left =
                Duration.between(clock.instant(), certificate.getNotAfter().toInstant());
        if (left.isNegative()) {
            clockProblem().ifPresent(problem -> {
                throw problem;
            });
            throw new UserError(
                    "this site's TLS certificate expired on "
                            + certificate.getNotAfter().toInstant(),
                    "it renews itself only while the agent runs: ask the coordinator's operator for a new invitation"
                            + " and run 'commissure site enrol --again'");
        }
    }

    private static void refuse(Status status) {
        String said = status.getDescription() == null ? status.getCode().toString() : status.getDescription();
        switch (status.getCode()) {
            case FAILED_PRECONDITION, UNIMPLEMENTED ->
                throw new UserError(
                        "the coordinator refused this site: " + said,
                        "install the version of Commissure that the coordinator speaks");
            case UNAUTHENTICATED, PERMISSION_DENIED ->
                throw new UserError(
                        "the coordinator refused this site: " + said,
                        "ask the coordinator's operator; an expired or revoked certificate needs a new enrolment");
            default -> {
                // Worth trying again.
            }
        }
    }

    /** What a person can act on: the root of the failure, and not the layers it came through. */
    private String problem(Status status) {
        Throwable root = status.getCause();
        while (root != null && root.getCause() != null && !(root instanceof CertificateException)) {
            root = root.getCause();
        }
        if (root instanceof CertificateException) {
            Optional<UserError> clockProblem = clockProblem();
            if (clockProblem.isPresent()) {
                return clockProblem.get().getMessage() + "; "
                        + clockProblem.get().remedy();
            }
            return "its certificate is refused (" + root.getMessage()
                    + "); check coordinator_host and coordinator_port in site.toml, and ask the operator";
        }
        if (root != null && root.getMessage() != null) {
            return root.getMessage();
        }
        return status.getDescription() == null ? status.getCode().toString() : status.getDescription();
    }

    /** Whether the coordinator has welcomed this site on the stream that is open now. */
    public boolean isConnected() {
        ControlStream stream = current.get();
        return stream != null && stream.wasWelcomed();
    }

    /** Why the last stream ended; empty where none did. */
    public String problem() {
        return problem;
    }

    @Override
    public void send(SiteFrame frame) {
        ControlStream stream = current.get();
        if (stream != null) {
            stream.send(frame);
        }
    }

    @Override
    public void upload(SumId sum, Path file) throws TransferRefusedException, IOException, InterruptedException {
        Transfers.untilDone(
                "the upload",
                random,
                () -> VectorUpload.run(
                        FederationGrpc.newBlockingStub(channel.get()).withWaitForReady(),
                        FederationGrpc.newStub(channel.get()),
                        sum,
                        file));
    }

    @Override
    public float[] model(ByteString sha256, long parameterCount)
            throws TransferRefusedException, IOException, InterruptedException {
        if (!models.has(sha256)) {
            Transfers.untilDone(
                    "the model download",
                    random,
                    () -> models.fetch(FederationGrpc.newBlockingStub(channel.get()), sha256, parameterCount));
        }
        return models.load(sha256, parameterCount);
    }

    @Override
    public Path sum(ByteString sha256, long bytes) throws TransferRefusedException, IOException, InterruptedException {
        if (!sums.has(sha256)) {
            Transfers.untilDone(
                    "the download of the sum",
                    random,
                    () -> sums.fetch(FederationGrpc.newBlockingStub(channel.get()), sha256, bytes / Float.BYTES));
        }
        return sums.file(sha256);
    }

    /** Ends {@link #run} and every transfer. */
    @Override
    public void close() {
        closed = true;
        ControlStream stream = current.get();
        if (stream != null) {
            stream.close();
        }
        heartbeats.shutdownNow();
        renewals.shutdown(); // not interrupted: it may be writing a key
        channel.close();
    }
}
