package org.commissure.site.round;

import com.google.protobuf.ByteString;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.commissure.privacy.audit.TransparencyLog;
import org.commissure.privacy.identity.CertificateName;
import org.commissure.privacy.identity.FederationAuthority;
import org.commissure.privacy.identity.FederationTrustManager;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.privacy.identity.TlsIdentity;
import org.commissure.protocol.v1.CoordinatorFrame;
import org.commissure.protocol.v1.DownloadChunk;
import org.commissure.protocol.v1.DownloadRequest;
import org.commissure.protocol.v1.FederationGrpc;
import org.commissure.protocol.v1.LogReceipt;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SiteFrame;
import org.commissure.protocol.v1.UploadAck;
import org.commissure.protocol.v1.UploadChunk;
import org.commissure.protocol.v1.UploadStatusRequest;
import org.commissure.protocol.v1.Welcome;

/**
 * The other end of the wire, over real mutual TLS: greets sites, keeps what they upload, gives log
 * receipts, and otherwise says only what a test tells it to.
 */
final class FakeCoordinator implements AutoCloseable {
    private static final Context.Key<String> SITE = Context.key("site");
    private static final int WAIT_SECONDS = 60;

    final FederationAuthority authority;
    final SigningIdentity signing;
    final List<Signed> log = new CopyOnWriteArrayList<>();
    final String logVerifierKey;
    /** The transparency log and its key, for a test that shows it to witnesses. */
    final Path logFolder;

    final Path logKey;
    final Map<String, StreamObserver<CoordinatorFrame>> streams = new ConcurrentHashMap<>();
    final Map<String, ByteArrayOutputStream> uploads = new ConcurrentHashMap<>();
    /** A stream of a site breaks once so many bytes of its upload are kept. */
    final Map<String, Integer> breakUploadAt = new ConcurrentHashMap<>();

    volatile byte[] model = new byte[0];
    /** Released sums by their hash, for sites that check them. */
    final Map<ByteString, ByteString> sums = new ConcurrentHashMap<>();

    volatile boolean refuseEverybody;
    private final Map<String, LinkedBlockingQueue<SiteFrame>> heard = new ConcurrentHashMap<>();
    private final Server server;

    FakeCoordinator(Path folder) throws IOException {
        authority = FederationAuthority.create(folder.resolve("authority"), "fed", Clock.systemUTC());
        signing = authority.issueSigning(Role.COORDINATOR, "coordinator");
        logFolder = folder.resolve("log");
        logKey = folder.resolve("log.key");
        try (TransparencyLog empty =
                TransparencyLog.create(logFolder, "commissure/fed", authority.certificate(), logKey)) {
            logVerifierKey = empty.verifierKey();
        }
        TlsIdentity tls = authority.issueTls(Role.COORDINATOR, "coordinator", List.of("127.0.0.1"));
        server = NettyServerBuilder.forPort(0)
                .sslContext(GrpcSslContexts.configure(SslContextBuilder.forServer(tls.key(), tls.chain()))
                        .trustManager(new FederationTrustManager(
                                authority.certificate(), Clock.systemUTC(), EnumSet.of(Role.SITE)))
                        .clientAuth(ClientAuth.REQUIRE)
                        .build())
                .intercept(new NameFromCertificate())
                .addService(new Service())
                .build()
                .start();
    }

    int port() {
        return server.getPort();
    }

    void send(String site, CoordinatorFrame.Builder frame) {
        StreamObserver<CoordinatorFrame> stream = streams.get(site);
        if (stream == null) {
            throw new AssertionError(site + " is not connected");
        }
        synchronized (stream) {
            stream.onNext(frame.build());
        }
    }

    void awaitConnected(String site) throws InterruptedException {
        for (int i = 0; i < WAIT_SECONDS * 20 && !streams.containsKey(site); i++) {
            Thread.sleep(50);
        }
        if (!streams.containsKey(site)) {
            throw new AssertionError(site + " did not connect");
        }
    }

    /** The next frame of that kind; others, such as progress, are passed over. */
    SiteFrame await(String site, SiteFrame.BodyCase kind) throws InterruptedException {
        while (true) {
            SiteFrame frame = next(site);
            if (frame.getBodyCase() == kind) {
                return frame;
            }
            if (frame.hasStepFailed()) {
                throw new AssertionError("expected " + kind + " of " + site + ", got " + frame);
            }
        }
    }

    /** The next frame of a site, of whatever kind. */
    SiteFrame next(String site) throws InterruptedException {
        SiteFrame frame = queue(site).poll(WAIT_SECONDS, TimeUnit.SECONDS);
        if (frame == null) {
            throw new AssertionError(site + " says nothing more");
        }
        return frame;
    }

    /** What a site has uploaded of the present sum. */
    ByteArrayOutputStream kept(String site) {
        return uploads.computeIfAbsent(site, name -> new ByteArrayOutputStream());
    }

    private LinkedBlockingQueue<SiteFrame> queue(String site) {
        return heard.computeIfAbsent(site, name -> new LinkedBlockingQueue<>());
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private static final class NameFromCertificate implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            try {
                X509Certificate certificate = (X509Certificate) call.getAttributes()
                        .get(Grpc.TRANSPORT_ATTR_SSL_SESSION)
                        .getPeerCertificates()[0];
                String site = CertificateName.of(certificate).name();
                return Contexts.interceptCall(Context.current().withValue(SITE, site), call, headers, next);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    private final class Service extends FederationGrpc.FederationImplBase {
        @Override
        public StreamObserver<SiteFrame> participate(StreamObserver<CoordinatorFrame> out) {
            String site = SITE.get();
            return new StreamObserver<>() {
                @Override
                public void onNext(SiteFrame frame) {
                    if (frame.hasHello()) {
                        hello();
                    } else if (frame.hasLogEntry()) {
                        log.add(frame.getLogEntry());
                        FakeCoordinator.this.send(
                                site,
                                CoordinatorFrame.newBuilder()
                                        .setLogReceipt(LogReceipt.newBuilder()
                                                .setEntrySha256(SignedMessages.sha256(
                                                        frame.getLogEntry().toByteString()))
                                                .setIndex(log.size())));
                    } else {
                        queue(site).add(frame);
                    }
                }

                private void hello() {
                    if (refuseEverybody) {
                        out.onError(Status.FAILED_PRECONDITION
                                .withDescription("the coordinator speaks protocol 9, the site 1")
                                .asRuntimeException());
                        return;
                    }
                    out.onNext(CoordinatorFrame.newBuilder()
                            .setWelcome(Welcome.newBuilder()
                                    .setFederationId("fed")
                                    .setVersion(1)
                                    .setCoordinatorTimeUnixMs(System.currentTimeMillis())
                                    .setHeartbeatSeconds(1))
                            .build());
                    streams.put(site, out);
                }

                @Override
                public void onError(Throwable cause) {
                    streams.remove(site, out);
                }

                @Override
                public void onCompleted() {
                    streams.remove(site, out);
                    out.onCompleted();
                }
            };
        }

        @Override
        public void uploadStatus(UploadStatusRequest request, StreamObserver<UploadAck> out) {
            out.onNext(UploadAck.newBuilder()
                    .setWrittenBytes(kept(SITE.get()).size())
                    .build());
            out.onCompleted();
        }

        @Override
        public StreamObserver<UploadChunk> upload(StreamObserver<UploadAck> out) {
            String site = SITE.get();
            return new StreamObserver<>() {
                private boolean broken;

                @Override
                public void onNext(UploadChunk chunk) {
                    ByteArrayOutputStream kept = kept(site);
                    if (broken || chunk.getOffset() != kept.size()) {
                        return;
                    }
                    kept.writeBytes(chunk.getData().toByteArray());
                    Integer limit = breakUploadAt.get(site);
                    if (limit != null && kept.size() >= limit) {
                        broken = true;
                        breakUploadAt.remove(site);
                        out.onError(Status.UNAVAILABLE.asRuntimeException());
                        return;
                    }
                    out.onNext(
                            UploadAck.newBuilder().setWrittenBytes(kept.size()).build());
                }

                @Override
                public void onError(Throwable cause) {}

                @Override
                public void onCompleted() {
                    if (!broken) {
                        out.onCompleted();
                    }
                }
            };
        }

        @Override
        public void download(DownloadRequest request, StreamObserver<DownloadChunk> out) {
            ByteString whole = sums.getOrDefault(request.getSha256(), ByteString.copyFrom(model));
            ByteString data = whole.substring((int) request.getOffset());
            out.onNext(DownloadChunk.newBuilder()
                    .setOffset(request.getOffset())
                    .setTotalBytes(whole.size())
                    .setData(data)
                    .setDataSha256(SignedMessages.sha256(data))
                    .build());
            out.onCompleted();
        }
    }

    /** Forgets the uploads of the last sum. */
    void nextSum() {
        uploads.clear();
    }
}
