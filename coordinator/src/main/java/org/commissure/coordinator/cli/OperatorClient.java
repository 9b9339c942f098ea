package org.commissure.coordinator.cli;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import org.commissure.coordinator.federation.CoordinatorHome;
import org.commissure.privacy.identity.Certificates;
import org.commissure.privacy.identity.FederationTrustManager;
import org.commissure.privacy.identity.IdentityStore;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.TlsIdentity;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.ApproveRunRequest;
import org.commissure.protocol.v1.ApproveRunResponse;
import org.commissure.protocol.v1.CancelRunRequest;
import org.commissure.protocol.v1.ChangeQueueRequest;
import org.commissure.protocol.v1.ClonePlanRequest;
import org.commissure.protocol.v1.ClonePlanResponse;
import org.commissure.protocol.v1.ContinueRunRequest;
import org.commissure.protocol.v1.ListPlansRequest;
import org.commissure.protocol.v1.ListQueueRequest;
import org.commissure.protocol.v1.ListRunsRequest;
import org.commissure.protocol.v1.OperatorGrpc;
import org.commissure.protocol.v1.PauseRunRequest;
import org.commissure.protocol.v1.PlansResponse;
import org.commissure.protocol.v1.PublishPlanRequest;
import org.commissure.protocol.v1.QueueResponse;
import org.commissure.protocol.v1.QueueTerms;
import org.commissure.protocol.v1.RunsResponse;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.StartRunChunk;
import org.commissure.protocol.v1.StartRunResponse;
import org.commissure.protocol.v1.StatusRequest;
import org.commissure.protocol.v1.StatusResponse;

/** The operator's connection to the serving coordinator. Every failure is a {@link UserError}. */
final class OperatorClient implements AutoCloseable {
    private static final int CHUNK_BYTES = 1 << 20;

    private final ManagedChannel channel;
    private final String address;

    OperatorClient(CoordinatorHome home) {
        this(PersonFolder.operatorOf(home));
    }

    OperatorClient(PersonFolder caller) {
        IdentityStore store = caller.identity();
        TlsIdentity identity = store.loadTls();
        address = caller.host() + ":" + caller.port();
        try {
            channel = NettyChannelBuilder.forAddress(caller.host(), caller.port())
                    .sslContext(GrpcSslContexts.configure(SslContextBuilder.forClient()
                                    .keyManager(identity.key(), identity.chain())
                                    .trustManager(new FederationTrustManager(
                                            store.loadAuthority(), Clock.systemUTC(), EnumSet.of(Role.COORDINATOR))))
                            .build())
                    .maxInboundMessageSize(16 << 20)
                    .build();
        } catch (SSLException e) {
            throw new UserError("the caller's certificate cannot be used: " + e.getMessage(), "restore its folder", e);
        }
    }

    /**
     * @param model absent where the study starts without one
     * @param terms absent: it begins at once
     * @return the run's id, and its place in the queue
     */
    StartRunResponse start(String studyText, Optional<Path> model, String runId, Optional<QueueTerms> terms) {
        CompletableFuture<StartRunResponse> started = new CompletableFuture<>();
        StreamObserver<StartRunChunk> out = OperatorGrpc.newStub(channel).startRun(new StreamObserver<>() {
            @Override
            public void onNext(StartRunResponse response) {
                started.complete(response);
            }

            @Override
            public void onError(Throwable problem) {
                started.completeExceptionally(problem);
            }

            @Override
            public void onCompleted() {
                started.completeExceptionally(new IllegalStateException("no answer"));
            }
        });
        try (InputStream in = model.isPresent() ? Files.newInputStream(model.get()) : InputStream.nullInputStream()) {
            boolean first = true;
            while (!started.isDone()) {
                byte[] data = in.readNBytes(CHUNK_BYTES);
                if (data.length == 0 && !first) {
                    break;
                }
                StartRunChunk.Builder chunk = StartRunChunk.newBuilder().setModelData(ByteString.copyFrom(data));
                if (first) {
                    chunk.setStudyText(studyText).setRunId(runId);
                    terms.ifPresent(chunk::setQueue);
                }
                first = false;
                out.onNext(chunk.build());
            }
            out.onCompleted();
            return started.get();
        } catch (IOException e) {
            throw new UserError("the model " + model.orElseThrow() + " cannot be read", "check the path", e);
        } catch (ExecutionException e) {
            throw told(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserError("interrupted", "see 'run status' for whether the run started", e);
        }
    }

    /** @param runId empty for the newest run */
    StatusResponse status(String runId) {
        return asked(operator ->
                operator.getStatus(StatusRequest.newBuilder().setRunId(runId).build()));
    }

    /** @param runId empty for the newest run */
    StatusResponse pause(String runId, String reason) {
        return asked(operator -> operator.pauseRun(
                PauseRunRequest.newBuilder().setRunId(runId).setReason(reason).build()));
    }

    /** @param runId empty for the newest run */
    StatusResponse resume(String runId) {
        return asked(operator -> operator.continueRun(
                ContinueRunRequest.newBuilder().setRunId(runId).build()));
    }

    /** @param newest so many at most; 0: all */
    RunsResponse runs(int newest) {
        return asked(operator ->
                operator.listRuns(ListRunsRequest.newBuilder().setNewest(newest).build()));
    }

    QueueResponse queue() {
        return asked(operator -> operator.listQueue(ListQueueRequest.getDefaultInstance()));
    }

    QueueResponse changeQueue(Consumer<ChangeQueueRequest.Builder> change) {
        ChangeQueueRequest.Builder request = ChangeQueueRequest.newBuilder();
        change.accept(request);
        return asked(operator -> operator.changeQueue(request.build()));
    }

    private <A> A asked(Function<OperatorGrpc.OperatorBlockingStub, A> question) {
        try {
            return question.apply(OperatorGrpc.newBlockingStub(channel));
        } catch (StatusRuntimeException e) {
            throw told(e);
        }
    }

    /** Blocks for each change; ends when the run has. */
    void watch(String runId, Consumer<StatusResponse> each) {
        try {
            Iterator<StatusResponse> changes = OperatorGrpc.newBlockingStub(channel)
                    .watchStatus(StatusRequest.newBuilder().setRunId(runId).build());
            changes.forEachRemaining(each);
        } catch (StatusRuntimeException e) {
            throw told(e);
        }
    }

    /** @param code 32 bytes, or empty for any */
    PlansResponse publish(String studyText, String legalBasis, ByteString code, Duration life) {
        return asked(operator -> operator.publishPlan(PublishPlanRequest.newBuilder()
                .setStudyText(studyText)
                .setLegalBasis(legalBasis)
                .setCodeSha256(code)
                .setValidSeconds(life.toSeconds())
                .build()));
    }

    PlansResponse plans() {
        return asked(operator -> operator.listPlans(ListPlansRequest.getDefaultInstance()));
    }

    ClonePlanResponse clonePlan(ClonePlanRequest request) {
        return asked(operator -> operator.clonePlan(request));
    }

    void cancel(String runId, String reason) {
        var unused = asked(operator -> operator.cancelRun(
                CancelRunRequest.newBuilder().setRunId(runId).setReason(reason).build()));
    }

    ApproveRunResponse approve(Signed approval, X509Certificate certificate) {
        return asked(operator -> operator.approveRun(ApproveRunRequest.newBuilder()
                .setApproval(approval)
                .setCertificate(ByteString.copyFrom(Certificates.der(certificate)))
                .build()));
    }

    private UserError told(Throwable problem) {
        Status status = Status.fromThrowable(problem);
        String description = status.getDescription() == null ? "" : status.getDescription();
        if (status.getCode() == Status.Code.UNAVAILABLE) {
            return new UserError(
                    "the coordinator at " + address + " cannot be reached",
                    "start it with 'commissure coordinator serve', or check host and port in coordinator.toml",
                    problem);
        }
        if (status.getCode() == Status.Code.UNAUTHENTICATED) {
            return new UserError(
                    "the coordinator refused: " + description, "use the identity of a person who may do this", problem);
        }
        int line = description.indexOf('\n');
        return line < 0
                ? new UserError(
                        "the coordinator refused: " + status.getCode() + " " + description,
                        "read the coordinator's process log",
                        problem)
                : new UserError(description.substring(0, line), description.substring(line + 1), problem);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        try {
            if (!channel.awaitTermination(5, TimeUnit.SECONDS)) {
                System.err.println("the connection did not close in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
