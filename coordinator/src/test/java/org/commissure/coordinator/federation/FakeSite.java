package org.commissure.coordinator.federation;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.stub.StreamObserver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javax.net.ssl.X509ExtendedTrustManager;
import org.commissure.privacy.identity.CertificateVerifier;
import org.commissure.privacy.identity.Certificates;
import org.commissure.privacy.identity.EnrolmentRequests;
import org.commissure.privacy.identity.FederationTrustManager;
import org.commissure.privacy.identity.Invitation;
import org.commissure.privacy.identity.PinnedAuthorityTrustManager;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.privacy.identity.TlsIdentity;
import org.commissure.privacy.secagg.ExactSums;
import org.commissure.privacy.secagg.FixedPoint;
import org.commissure.privacy.secagg.PlainVector;
import org.commissure.privacy.secagg.Ring;
import org.commissure.privacy.secagg.RingVector;
import org.commissure.privacy.secagg.SecAggException;
import org.commissure.privacy.secagg.SiteLimits;
import org.commissure.privacy.secagg.SiteSum;
import org.commissure.privacy.secagg.SumVerification;
import org.commissure.protocol.ProtocolVersion;
import org.commissure.protocol.evaluation.ReconstructionLayout;
import org.commissure.protocol.v1.CoordinatorFrame;
import org.commissure.protocol.v1.DownloadRequest;
import org.commissure.protocol.v1.EnrolRequest;
import org.commissure.protocol.v1.EnrolResponse;
import org.commissure.protocol.v1.FederationGrpc;
import org.commissure.protocol.v1.Hello;
import org.commissure.protocol.v1.InvitationReply;
import org.commissure.protocol.v1.ReadinessReply;
import org.commissure.protocol.v1.RoundInvitation;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SiteFrame;
import org.commissure.protocol.v1.SumId;
import org.commissure.protocol.v1.SumKind;
import org.commissure.protocol.v1.UploadAck;
import org.commissure.protocol.v1.UploadChunk;
import org.commissure.protocol.v1.UploadStatusRequest;
import org.jspecify.annotations.Nullable;

/** A site that speaks the real protocol over real TLS, with made-up updates and no model. */
final class FakeSite implements AutoCloseable, StreamObserver<CoordinatorFrame> {
    private static final int SMALLEST_CHUNK_BYTES = 1000;
    private static final int LARGEST_CHUNK_BYTES = 256 << 10;

    final String name;
    final double weight;
    final float[] update;
    final Set<String> seen = ConcurrentHashMap.newKeySet();
    final Set<ByteString> released = ConcurrentHashMap.newKeySet();
    final CountDownLatch finished = new CountDownLatch(1);
    private final TlsIdentity tls;
    private final SigningIdentity signing;
    private final X509Certificate coordinatorSigning;
    private final Path folder;
    private final int port;
    /** Training sums in which the site falls silent once it should upload. */
    volatile boolean vanishesBeforeUpload;
    /** The first upload stream is broken off half-way. */
    volatile boolean breaksUpload;
    /** What a malicious site says instead of the truth. */
    volatile UnaryOperator<SiteFrame> lie = UnaryOperator.identity();
    /** What a malicious site says next, as if it had not spoken yet. */
    volatile Function<SiteFrame, Optional<SiteFrame>> secondThought = frame -> Optional.empty();
    /** What it uploads instead of its masked vector. */
    volatile UnaryOperator<byte[]> uploadLie = UnaryOperator.identity();
    /** Accepts invitations and says no more. */
    volatile boolean onlyAccepts;
    /** What it answers when it is asked before a run. */
    volatile boolean withinBudget = true;
    /** Does not vote until it connects again. */
    volatile boolean holdsVote;

    private @Nullable ManagedChannel channel;
    private @Nullable StreamObserver<SiteFrame> out;
    private @Nullable SiteSum sum;
    private volatile boolean closed;

    private FakeSite(
            String name,
            TlsIdentity tls,
            SigningIdentity signing,
            X509Certificate coordinatorSigning,
            Path folder,
            int port,
            int parameters) {
        this.name = name;
        this.tls = tls;
        this.signing = signing;
        this.coordinatorSigning = coordinatorSigning;
        this.folder = folder;
        this.port = port;
        Random random = new Random(name.hashCode());
        this.weight = 8 * (1 + random.nextInt(7));
        this.update = new float[parameters];
        for (int i = 0; i < parameters; i++) {
            update[i] = (float) (0.2 * random.nextGaussian());
            update[i] = Math.clamp(update[i], -1f, 1f);
        }
    }

    static ManagedChannel channel(int port, @Nullable TlsIdentity identity, X509ExtendedTrustManager trust) {
        try {
            SslContextBuilder context =
                    GrpcSslContexts.configure(SslContextBuilder.forClient().trustManager(trust));
            if (identity != null) {
                context.keyManager(identity.key(), identity.chain());
            }
            return NettyChannelBuilder.forAddress("localhost", port)
                    .sslContext(context.build())
                    .build();
        } catch (javax.net.ssl.SSLException e) {
            throw new IllegalStateException(e);
        }
    }

    static EnrolResponse enrol(Invitation invitation, int port, EnrolmentRequests requests, byte[] token) {
        ManagedChannel channel = channel(port, null, new PinnedAuthorityTrustManager(invitation.authoritySha256()));
        try {
            return FederationGrpc.newBlockingStub(channel)
                    .enrol(EnrolRequest.newBuilder()
                            .setVersions(ProtocolVersion.supported())
                            .setSite(invitation.site())
                            .setToken(ByteString.copyFrom(token))
                            .setTlsRequest(ByteString.copyFrom(requests.tlsRequestDer()))
                            .setSigningRequest(ByteString.copyFrom(requests.signingRequestDer()))
                            .build());
        } finally {
            channel.shutdownNow();
        }
    }

    static FakeSite enrolled(Invitation invitation, byte[] token, int port, Path folder, int parameters)
            throws Exception {
        EnrolmentRequests requests = EnrolmentRequests.generate(invitation.site());
        EnrolResponse response = enrol(invitation, port, requests, token);
        X509Certificate authority =
                Certificates.fromDer(response.getAuthorityCertificate().toByteArray());
        return new FakeSite(
                invitation.site(),
                requests.tlsIdentity(
                        Certificates.fromDer(response.getTlsCertificate().toByteArray()), authority),
                requests.signingIdentity(
                        Certificates.fromDer(response.getSigningCertificate().toByteArray())),
                Certificates.fromDer(response.getCoordinatorSigningCertificate().toByteArray()),
                folder,
                port,
                parameters);
    }

    TlsIdentity tls() {
        return tls;
    }

    SigningIdentity signing() {
        return signing;
    }

    synchronized void connect() {
        if (closed) {
            return;
        }
        ManagedChannel open = channel(
                port,
                tls,
                new FederationTrustManager(tls.authority(), Clock.systemUTC(), EnumSet.of(Role.COORDINATOR)));
        ManagedChannel before = channel;
        channel = open;
        if (before != null) {
            before.shutdownNow();
        }
        StreamObserver<SiteFrame> stream = FederationGrpc.newStub(open).participate(this);
        out = stream;
        stream.onNext(SiteFrame.newBuilder()
                .setHello(Hello.newBuilder()
                        .setVersions(ProtocolVersion.supported())
                        .setSiteTimeUnixMs(System.currentTimeMillis()))
                .build());
    }

    /** After it vanished. */
    void comeBack() throws InterruptedException {
        vanishesBeforeUpload = false;
        closed = false;
        seen.remove("WELCOME");
        connect();
        TestFederation.eventually(() -> seen.contains("WELCOME"));
    }

    synchronized void disconnect() {
        ManagedChannel open = channel;
        if (open != null) {
            open.shutdownNow();
        }
    }

    @Override
    public synchronized void onNext(CoordinatorFrame frame) {
        seen.add(frame.getBodyCase().name());
        if (onlyAccepts && !frame.hasInvitation()) {
            return;
        }
        try {
            handle(frame);
        } catch (Exception e) {
            throw new IllegalStateException(name + " at " + frame.getBodyCase(), e);
        }
    }

    private void handle(CoordinatorFrame frame) throws Exception {
        switch (frame.getBodyCase()) {
            case INVITATION -> reply(frame.getInvitation());
            case READINESS_REQUEST ->
                say(SiteFrame.newBuilder()
                        .setReadinessReply(signing.sign(ReadinessReply.newBuilder()
                                .setRequestSha256(SignedMessages.sha256(
                                        frame.getReadinessRequest().getPayload()))
                                .setWithinBudget(withinBudget)
                                .build())));
            case SECURE_SUM_CONFIG -> {
                SiteSum now = sum;
                if (now == null
                        || !now.config()
                                .toByteString()
                                .equals(frame.getSecureSumConfig().getPayload())) {
                    now = SiteSum.begin(
                            frame.getSecureSumConfig(),
                            signing,
                            coordinatorSigning,
                            new CertificateVerifier(tls.authority(), Clock.systemUTC()),
                            new SiteLimits(3, 3),
                            new SecureRandom());
                    sum = now;
                }
                say(SiteFrame.newBuilder().setAdvertiseKeys(now.advertiseKeys()));
            }
            case ROSTER -> say(SiteFrame.newBuilder().setShareKeys(sum().shareKeys(frame.getRoster())));
            case SHARE_DELIVERY -> {
                sum().receiveShares(frame.getShareDelivery());
                contribute();
            }
            case SURVIVOR_PROPOSAL -> {
                if (!holdsVote) {
                    say(SiteFrame.newBuilder().setSurvivorVote(sum().vote(frame.getSurvivorProposal())));
                }
            }
            case UNMASK_REQUEST -> say(SiteFrame.newBuilder().setUnmaskShares(sum().unmask(frame.getUnmaskRequest())));
            case AGGREGATE_RESULT -> {
                released.add(frame.getAggregateResult().getPayload());
                if (sum().config().getSumCheck()) {
                    say(SiteFrame.newBuilder().setCheckOpening(sum().openCheck(frame.getAggregateResult())));
                }
            }
            case CHECK_CHALLENGE ->
                say(SiteFrame.newBuilder()
                        .setCheckValue(sum().proveSum(
                                        frame.getCheckChallenge(),
                                        file(sum().config().getSum()))));
            case CHECK_EVIDENCE -> check(sum().verification(frame.getCheckEvidence()));
            case RUN_FINISHED -> finished.countDown();
            default -> {}
        }
    }

    private Path file(SumId about) {
        return folder.resolve(name + "-" + about.getRunId() + about.getRound() + about.getKind() + about.getAttempt());
    }

    /** Fetches the released sum and checks it. */
    private void check(SumVerification verification) throws java.io.IOException, SecAggException {
        Path file = folder.resolve(name + ".sum");
        try (java.io.OutputStream out = Files.newOutputStream(file)) {
            var chunks = FederationGrpc.newBlockingStub(open())
                    .download(DownloadRequest.newBuilder()
                            .setSha256(verification.sumSha256())
                            .build());
            while (chunks.hasNext()) {
                chunks.next().getData().writeTo(out);
            }
        }
        verification.check(file);
        seen.add("CHECKED " + sum().config().getSum().getKind());
    }

    SumId presentSum() {
        return sum().config().getSum();
    }

    private SiteSum sum() {
        return java.util.Objects.requireNonNull(sum);
    }

    private void reply(Signed signed) throws InvalidProtocolBufferException {
        RoundInvitation invitation = RoundInvitation.parseFrom(signed.getPayload());
        say(SiteFrame.newBuilder()
                .setInvitationReply(signing.sign(InvitationReply.newBuilder()
                        .setSum(invitation.getSum())
                        .setInvitationSha256(SignedMessages.sha256(signed.getPayload()))
                        .setAccepted(true)
                        .build())));
    }

    private void contribute() throws SecAggException, java.io.IOException, InterruptedException {
        SumId about = sum().config().getSum();
        if (vanishesBeforeUpload && about.getKind() == SumKind.TRAIN) {
            closed = true;
            disconnect();
            return;
        }
        Path file = file(about);
        Signed header = sum().maskedHeader().orElse(null);
        if (header == null) {
            header = sum().mask(vector(about), file);
        }
        byte[] bytes = uploadLie.apply(Files.readAllBytes(file));
        long durable = FederationGrpc.newBlockingStub(open())
                .uploadStatus(UploadStatusRequest.newBuilder().setSum(about).build())
                .getWrittenBytes();
        if (breaksUpload && about.getKind() == SumKind.TRAIN) {
            breaksUpload = false;
            upload(about, bytes, durable, bytes.length / 2, true);
            durable = FederationGrpc.newBlockingStub(open())
                    .uploadStatus(UploadStatusRequest.newBuilder().setSum(about).build())
                    .getWrittenBytes();
            if (durable < bytes.length / 4 || durable >= bytes.length) {
                throw new IllegalStateException("nothing of the broken upload was kept: " + durable);
            }
            seen.add("RESUMED");
        }
        upload(about, bytes, durable, bytes.length, false);
        say(SiteFrame.newBuilder().setMaskedHeader(header));
    }

    private ManagedChannel open() {
        return java.util.Objects.requireNonNull(channel);
    }

    private void upload(SumId about, byte[] bytes, long from, int until, boolean abandon) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        StreamObserver<UploadChunk> stream = FederationGrpc.newStub(open()).upload(new StreamObserver<>() {
            @Override
            public void onNext(UploadAck ack) {
                if (ack.getWrittenBytes() >= until) {
                    done.countDown();
                }
            }

            @Override
            public void onError(Throwable problem) {
                done.countDown();
            }

            @Override
            public void onCompleted() {
                done.countDown();
            }
        });
        int chunk = Math.clamp(bytes.length / 10, SMALLEST_CHUNK_BYTES, LARGEST_CHUNK_BYTES);
        for (int offset = (int) from; offset < until; offset += chunk) {
            ByteString data = ByteString.copyFrom(bytes, offset, Math.min(chunk, bytes.length - offset));
            stream.onNext(UploadChunk.newBuilder()
                    .setSum(about)
                    .setTotalBytes(bytes.length)
                    .setOffset(offset)
                    .setData(data)
                    .setDataSha256(SignedMessages.sha256(data))
                    .build());
        }
        if (from < until && !done.await(20, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the upload is not acknowledged");
        }
        if (abandon) {
            stream.onError(new IllegalStateException("broken off"));
        } else {
            stream.onCompleted();
        }
    }

    /** TRAIN: w/W·Δ and w/W. EVALUATE: ten values with a mean of 2 and known errors. */
    PlainVector vector(SumId about) {
        if (about.getKind() == SumKind.EVALUATE) {
            return PlainVector.of(ExactSums.encode(
                    Arrays.copyOf(new double[] {3, 10, 20, 50, 4, 8, 6}, new ReconstructionLayout(0).length())));
        }
        Ring ring = new Ring(sum().config().getRingBits());
        FixedPoint encoding = new FixedPoint(ring, sum().config().getScaleLog2(), 1.0);
        RingVector vector = RingVector.zeros(ring, update.length + 1);
        encoding.encode(update, 0, update.length, weight / 64, vector, 0, new Random(1));
        encoding.encode(new float[] {1}, 0, 1, weight / 64, vector, update.length, new Random(2));
        return new PlainVector() {
            @Override
            public int length() {
                return vector.length();
            }

            @Override
            public void copyTo(RingVector chunk, int from, int count) {
                for (int i = 0; i < count; i++) {
                    chunk.set(i, vector.get(from + i));
                }
            }
        };
    }

    private void say(SiteFrame.Builder frame) {
        StreamObserver<SiteFrame> stream = out;
        if (stream != null) {
            SiteFrame said = lie.apply(frame.build());
            stream.onNext(said);
            secondThought.apply(said).ifPresent(stream::onNext);
        }
    }

    void log(Signed entry) {
        say(SiteFrame.newBuilder().setLogEntry(entry));
    }

    @Override
    public void onError(Throwable problem) {
        seen.add("ERROR " + problem.getMessage());
        if (!closed && !finishedAlready()) {
            Thread.ofVirtual().start(() -> {
                try {
                    Thread.sleep(200);
                    connect();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
    }

    private boolean finishedAlready() {
        return finished.getCount() == 0;
    }

    @Override
    public void onCompleted() {}

    @Override
    public void close() {
        closed = true;
        disconnect();
    }
}
