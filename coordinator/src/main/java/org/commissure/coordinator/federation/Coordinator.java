package org.commissure.coordinator.federation;

import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509ExtendedKeyManager;
import org.commissure.coordinator.aggregation.UploadSpool;
import org.commissure.coordinator.console.ConsoleServer;
import org.commissure.coordinator.console.Sources;
import org.commissure.coordinator.metrics.FederationMeters;
import org.commissure.coordinator.metrics.Traffic;
import org.commissure.coordinator.queue.RunQueue;
import org.commissure.coordinator.round.CoordinatorSums;
import org.commissure.coordinator.round.RunEngine;
import org.commissure.coordinator.round.RunFolders;
import org.commissure.coordinator.storage.ConsoleAccesses;
import org.commissure.coordinator.storage.ConsoleIdentities;
import org.commissure.coordinator.storage.ConsoleUsers;
import org.commissure.coordinator.storage.Database;
import org.commissure.coordinator.storage.DenyLists;
import org.commissure.coordinator.storage.Leadership;
import org.commissure.coordinator.storage.LogOutbox;
import org.commissure.coordinator.storage.PlanStore;
import org.commissure.coordinator.storage.PostgresConfig;
import org.commissure.coordinator.storage.QueuedRuns;
import org.commissure.coordinator.storage.RunApprovals;
import org.commissure.coordinator.storage.RunStore;
import org.commissure.coordinator.storage.SiteRegistry;
import org.commissure.coordinator.storage.TransparencyPublisher;
import org.commissure.coordinator.transparency.LogServer;
import org.commissure.coordinator.transparency.ReadLog;
import org.commissure.privacy.audit.EntryCheck;
import org.commissure.privacy.audit.Openings;
import org.commissure.privacy.audit.TransparencyLog;
import org.commissure.privacy.identity.CertificateVerifier;
import org.commissure.privacy.identity.FederationAuthority;
import org.commissure.privacy.identity.IdentityStore;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.protocol.UserError;
import org.commissure.protocol.metrics.MetricsAddress;
import org.commissure.protocol.metrics.MetricsServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A serving coordinator, put together from its home. Opening it takes up an unfinished run; closing
 * it leaves everything such that the next opening goes on. One process per home serves; over PostgreSQL others may wait
 * in {@link #open} to take its place, and listen nowhere until they do.
 */
public final class Coordinator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Coordinator.class);
    private static final int MAXIMUM_MESSAGE_BYTES = 16 << 20;
    /**
     * What a connection may send ahead of being read. Fixed, because windows that grow by themselves, to 8 MiB each,
     * cost more than all the rest where many sites upload at once; 20 Mbit/s at a round trip of 100 ms.
     */
    private static final int FLOW_CONTROL_BYTES = 256 << 10;

    private static final int MAXIMUM_HEADER_BYTES = 16 << 10;

    /** For sites to compose their ledgers; a site that is silent is asked again by its first invitation. */
    private static final Duration READINESS_PATIENCE = Duration.ofSeconds(10);

    /** Exit code of a failed operation; a service manager starts the process again, as the next replica in line. */
    private static final int HALTED = 3;

    private static final Duration LOCK_LOOK = Duration.ofMillis(200);

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final RunEngine engine;
    private final Server server;
    private final Optional<LogServer> logServer;
    private final Optional<ConsoleServer> console;
    private final Optional<MetricsServer> metrics;

    private Coordinator(
            CoordinatorHome home, Clock clock, OptionalInt consolePort, Optional<MetricsAddress> metricsAddress)
            throws IOException {
        closeLater(HeapKeeper.open());
        CoordinatorConfig config = home.config();
        Optional<Leadership> leadership =
                config.database().map(Coordinator::lead).map(this::closeLater);
        lock(home, leadership.isPresent());
        if (!home.hasUnfinishedRun()) {
            OwnCertificates.renewSigning(home, clock);
        }
        IdentityStore store = new IdentityStore(home.identity());
        SigningIdentity signing = store.loadSigning();
        X509Certificate authority = store.loadAuthority();
        Supplier<FederationAuthority> issuing =
                () -> FederationAuthority.open(home.authority(), clock, config.tlsLife());
        var checked = issuing.get();
        Database database = closeLater(home.openDatabase());
        leadership.ifPresent(leading -> leading.begin(database));
        LogOutbox outbox = new LogOutbox(database, signing, authority);
        SiteRegistry registry = new SiteRegistry(database, outbox);
        DenyLists denied = new DenyLists(database, outbox, signing, new CertificateVerifier(authority, clock));
        CertificateVerifier verifier = new CertificateVerifier(authority, clock, denied);
        OwnCertificates own = new OwnCertificates(home, clock);
        own.renewDue(outbox);
        TransparencyLog log = TransparencyLog.open(home.log(), home.logKey());
        TransparencyPublisher publisher = closeLater(new TransparencyPublisher(outbox, log));
        publisher.publish();

        RefusalLog refusals = new RefusalLog(outbox, clock);
        SiteConnections connections = new SiteConnections();
        UploadSpool spool = new UploadSpool(home.spool());
        CoordinatorSums sums = new CoordinatorSums(signing, verifier, spool::dealt);
        RunStore runs = new RunStore(database, outbox);
        engine = closeLater(new RunEngine(
                runs,
                publisher,
                connections,
                spool,
                new RunFolders(home.runs(), home.log(), spool, sums),
                sums,
                signing,
                clock));
        engine.resume();

        Enrolment enrolment =
                new Enrolment(issuing, signing.certificate(), log.verifierKey(), registry, publisher, refusals, clock);
        Renewal renewal = new Renewal(
                issuing,
                registry,
                publisher,
                refusals,
                () -> engine.state()
                        .filter(state -> !state.outcome().terminal())
                        .isPresent(),
                clock);
        PlanDesk plans = new PlanDesk(
                config.federation(), signing, new PlanStore(database, outbox), publisher, connections, clock);
        Witnesses witnesses = new Witnesses(log, connections, clock);
        Readiness readiness = new Readiness(connections, signing, verifier, READINESS_PATIENCE);
        ControlStream.Context context = new ControlStream.Context(
                config.federation(),
                connections,
                new SendTurns(),
                engine,
                readiness,
                outbox,
                publisher,
                plans,
                new EntryCheck(authority),
                denied,
                signing.certificate(),
                refusals,
                witnesses,
                new ReceiptDesk(home.log()),
                clock);
        Approvals approvals =
                new Approvals(config, new RunApprovals(database, outbox), verifier, publisher, refusals, clock);
        QueuedRuns queued = new QueuedRuns(database, outbox);
        RunStarter starter = new RunStarter(
                home,
                config,
                approvals,
                registry,
                engine,
                connections,
                readiness,
                outbox,
                publisher,
                plans,
                queued,
                clock);
        RunQueue queue = new RunQueue(
                queued,
                engine,
                starter,
                plans::approvedBy,
                () -> registry.sites().stream()
                        .map(SiteRegistry.EnrolledSite::name)
                        .collect(Collectors.toSet()),
                home.queue(),
                publisher,
                clock);
        queue.open();
        Traffic traffic = new Traffic();
        PeerInterceptor peers = new PeerInterceptor(verifier, registry, refusals);
        ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
        closeLater(calls::shutdown);
        server = NettyServerBuilder.forAddress(address(config))
                .sslContext(tls(own.keyManager()))
                .executor(calls)
                .maxInboundMessageSize(MAXIMUM_MESSAGE_BYTES)
                .flowControlWindow(FLOW_CONTROL_BYTES)
                .maxInboundMetadataSize(MAXIMUM_HEADER_BYTES)
                .keepAliveTime(20, TimeUnit.SECONDS)
                .keepAliveTimeout(10, TimeUnit.SECONDS)
                .permitKeepAliveTime(5, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .addService(ServerInterceptors.intercept(
                        new FederationService(home, enrolment, renewal, context, spool, traffic), peers))
                .addService(ServerInterceptors.intercept(
                        new OperatorService(
                                starter,
                                queue,
                                approvals,
                                engine,
                                new RunList(runs),
                                plans,
                                new PlanClone(plans, runs),
                                registry,
                                home.spool().resolve("incoming")),
                        peers))
                .build();
        Watch watch = new Watch(denied, connections, registry, clock);
        everySecond("the transparency log cannot be written", publisher::publish);
        everySecond("the log's witnesses cannot be shown it", witnesses::show);
        everySecond("the deny list cannot be read", watch::look);
        everySecond("the queue's next run cannot begin", queue::look);
        everySecond("certificates cannot be renewed", () -> own.renewDue(outbox));
        logServer = config.logPort().isEmpty()
                ? Optional.empty()
                : Optional.of(closeLater(LogServer.open(
                        home.log(),
                        own.keyManager(),
                        new AnyClientCertificate(),
                        peers::member,
                        new ReadLog(outbox::add, new Openings(home.openings()), clock),
                        address(config).getHostString(),
                        config.logPort().getAsInt())));
        Sources sources = new Sources(
                config.federation(),
                home.folder(),
                home.runs(),
                home.log(),
                logServer
                        .map(served -> "https://" + config.host() + ":" + served.port())
                        .orElse(""),
                engine,
                queue,
                runs,
                registry,
                connections::connected,
                connections::presences,
                denied,
                () -> plans.json(registry.sites().stream()
                        .map(SiteRegistry.EnrolledSite::name)
                        .toList()),
                new ConsoleUsers(database),
                new ConsoleIdentities(database),
                new ConsoleAccesses(database),
                clock);
        console = consolePort.isEmpty()
                ? Optional.empty()
                : Optional.of(closeLater(ConsoleServer.open(
                        sources, own.keyManager(), address(config).getHostString(), consolePort.getAsInt())));
        metrics = metricsAddress.map(address -> closeLater(MetricsServer.open(
                address,
                home.folder(),
                new FederationMeters(sources, outbox, log, traffic, () -> ends(own, signing, checked), version()))));
    }

    /**
     * Opens the home and starts to listen.
     *
     * @throws UserError if the home is in use or damaged, or the port is taken
     */
    public static Coordinator open(CoordinatorHome home, Clock clock) {
        return open(home, clock, home.config().consolePort());
    }

    /**
     * As {@link #open(CoordinatorHome, Clock)}, with the console elsewhere than the configuration says.
     *
     * @param consolePort absent: no console; 0 takes a free port
     */
    public static Coordinator open(CoordinatorHome home, Clock clock, OptionalInt consolePort) {
        return open(home, clock, consolePort, Optional.empty());
    }

    /**
     * As {@link #open(CoordinatorHome, Clock, OptionalInt)}, with metrics for Prometheus.
     *
     * @param metrics where they are served; absent: nowhere
     */
    public static Coordinator open(
            CoordinatorHome home, Clock clock, OptionalInt consolePort, Optional<MetricsAddress> metrics) {
        try {
            Coordinator coordinator = new Coordinator(home, clock, consolePort, metrics);
            try {
                coordinator.server.start();
            } catch (IOException e) {
                coordinator.close();
                throw new UserError(
                        "port " + home.config().port() + " cannot be listened on: " + e.getMessage(),
                        "end the process that uses it, or change 'port' in " + home.configFile(),
                        e);
            }
            return coordinator;
        } catch (IOException e) {
            throw new UserError(
                    home.folder() + " cannot be opened: " + e.getMessage(), "check its permissions and free space", e);
        }
    }

    /** The port that is listened on. */
    public int port() {
        return server.getPort();
    }

    /** The port at which the log can be read; absent where it is not served. */
    public OptionalInt logPort() {
        return logServer.map(served -> OptionalInt.of(served.port())).orElse(OptionalInt.empty());
    }

    /** The port at which people look at the federation; absent where there is no console. */
    public OptionalInt consolePort() {
        return console.map(served -> OptionalInt.of(served.port())).orElse(OptionalInt.empty());
    }

    /** The port of the metrics; absent where none are served. */
    public OptionalInt metricsPort() {
        return metrics.map(served -> OptionalInt.of(served.port())).orElse(OptionalInt.empty());
    }

    /** When the coordinator's own certificates end, by their names. */
    private static Map<String, Instant> ends(
            OwnCertificates own, SigningIdentity signing, FederationAuthority authority) {
        Map<String, Instant> ends = new HashMap<>(own.ends());
        ends.put("signing", signing.certificate().getNotAfter().toInstant());
        ends.put("issuing", authority.issuing().getNotAfter().toInstant());
        return ends;
    }

    /** As the jar's manifest has it. */
    public static String version() {
        return Optional.ofNullable(Coordinator.class.getPackage().getImplementationVersion())
                .orElse("development");
    }

    public void awaitTermination() throws InterruptedException {
        server.awaitTermination();
    }

    /** A host that only this machine can reach is only listened on there. */
    private static InetSocketAddress address(CoordinatorConfig config) {
        InetSocketAddress host = new InetSocketAddress(config.host(), config.port());
        return host.getAddress() != null && host.getAddress().isLoopbackAddress()
                ? host
                : new InetSocketAddress(config.port());
    }

    /** The certificate is judged by {@link PeerInterceptor}; TLS proves that the peer holds its key. */
    private static SslContext tls(X509ExtendedKeyManager identity) throws SSLException {
        return GrpcSslContexts.configure(SslContextBuilder.forServer(identity))
                .clientAuth(ClientAuth.OPTIONAL)
                .trustManager(new AnyClientCertificate())
                .build();
    }

    /** Waits until this replica leads. One that does no more ends as by a kill: that loses nothing, and is at once. */
    private static Leadership lead(PostgresConfig database) {
        try {
            return Leadership.await(database, () -> LOG.info("standing by: another replica leads"), why -> {
                LOG.error("this replica stops: {}", why);
                Runtime.getRuntime().halt(HALTED);
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserError("the wait for leadership was interrupted", "start it again", e);
        }
    }

    /**
     * Two processes on one home would both believe to be the coordinator. A replica that the database lets lead waits
     * for the one before to be gone, which may still have files open.
     */
    private void lock(CoordinatorHome home, boolean wait) throws IOException {
        for (boolean first = true; ; first = false) {
            Optional<ServeLock> taken = ServeLock.take(home);
            if (taken.isPresent()) {
                closeLater(taken.get());
                return;
            }
            if (!wait) {
                throw ServeLock.servedAlready(home);
            }
            if (first) {
                LOG.warn("the process that led before still holds serve.lock; waiting for its end");
            }
            LockSupport.parkNanos(LOCK_LOOK.toNanos());
        }
    }

    /** What another process left in the database, such as an invitation or a denial, takes effect soon. */
    private void everySecond(String failure, Runnable work) {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("every-second").daemon().factory());
        // Never interrupted: that would close the file it is writing.
        closeLater(() -> {
            timer.shutdown();
            var ended = timer.awaitTermination(5, TimeUnit.SECONDS);
        });
        var unused = timer.scheduleWithFixedDelay(
                () -> {
                    try {
                        work.run();
                    } catch (RuntimeException e) {
                        LOG.error("{}: {}", failure, e.getMessage());
                    }
                },
                1,
                1,
                TimeUnit.SECONDS);
    }

    private <C extends AutoCloseable> C closeLater(C resource) {
        open.push(resource);
        return resource;
    }

    /** The run stops first, so that the closing connections are no events of it. */
    @Override
    public void close() {
        engine.close();
        server.shutdownNow();
        try {
            if (!server.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.warn("some calls are still open");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                LOG.warn("while closing: {}", e.getMessage());
            }
        }
    }
}
