package org.commissure.coordinator.federation;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.commissure.coordinator.round.RunEngine;
import org.commissure.coordinator.round.RunJson;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.coordinator.storage.SiteRegistry;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.ApproveRunRequest;
import org.commissure.protocol.v1.ApproveRunResponse;
import org.commissure.protocol.v1.CancelRunRequest;
import org.commissure.protocol.v1.CancelRunResponse;
import org.commissure.protocol.v1.ListPlansRequest;
import org.commissure.protocol.v1.OperatorGrpc;
import org.commissure.protocol.v1.PlansResponse;
import org.commissure.protocol.v1.PublishPlanRequest;
import org.commissure.protocol.v1.StartRunChunk;
import org.commissure.protocol.v1.StartRunResponse;
import org.commissure.protocol.v1.StatusRequest;
import org.commissure.protocol.v1.StatusResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the consortium's operator calls. Errors travel as two lines: what, and the remedy. */
final class OperatorService extends OperatorGrpc.OperatorImplBase {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorService.class);
    private static final Duration WATCH_INTERVAL = Duration.ofMillis(300);

    private final RunStarter starter;
    private final Approvals approvals;
    private final RunEngine engine;
    private final PlanDesk plans;
    private final SiteRegistry registry;
    private final Path incoming;

    /** @param incoming folder for models on their way in */
    OperatorService(
            RunStarter starter,
            Approvals approvals,
            RunEngine engine,
            PlanDesk plans,
            SiteRegistry registry,
            Path incoming) {
        this.starter = starter;
        this.approvals = approvals;
        this.engine = engine;
        this.plans = plans;
        this.registry = registry;
        this.incoming = incoming;
    }

    @Override
    public StreamObserver<StartRunChunk> startRun(StreamObserver<StartRunResponse> out) {
        return new Incoming(out);
    }

    /** Spools the model to a file, then starts the run. */
    private final class Incoming implements StreamObserver<StartRunChunk> {
        private final StreamObserver<StartRunResponse> out;
        private @Nullable Path file;
        private String study = "";
        private String runId = "";
        private boolean over;

        Incoming(StreamObserver<StartRunResponse> out) {
            this.out = out;
        }

        @Override
        public void onNext(StartRunChunk chunk) {
            if (over) {
                return;
            }
            try {
                Path to = file;
                if (to == null) {
                    Files.createDirectories(incoming);
                    to = Files.createTempFile(incoming, "model", ".safetensors");
                    file = to;
                    study = chunk.getStudyText();
                    runId = chunk.getRunId();
                }
                try (OutputStream append = Files.newOutputStream(to, java.nio.file.StandardOpenOption.APPEND)) {
                    chunk.getModelData().writeTo(append);
                }
            } catch (IOException e) {
                fail(new UserError(
                        "the model cannot be stored: " + e.getMessage(), "free space on the coordinator's disk"));
            }
        }

        @Override
        public void onError(Throwable problem) {
            discard();
        }

        @Override
        public void onCompleted() {
            Path model = file;
            if (over || model == null) {
                return;
            }
            try {
                String started = starter.start(study, model, runId);
                out.onNext(StartRunResponse.newBuilder().setRunId(started).build());
                out.onCompleted();
            } catch (UserError e) {
                fail(e);
            } catch (RuntimeException e) {
                LOG.error("a run could not be started", e);
                fail(new UserError("the run could not be started", "read the coordinator's process log"));
            } finally {
                discard();
            }
        }

        private void fail(UserError problem) {
            over = true;
            out.onError(status(problem));
            discard();
        }

        private void discard() {
            Path model = file;
            if (model != null) {
                try {
                    Files.deleteIfExists(model);
                } catch (IOException e) {
                    LOG.warn("{} cannot be deleted", model);
                }
            }
        }
    }

    @Override
    public void getStatus(StatusRequest request, StreamObserver<StatusResponse> out) {
        Optional<RunSummary> summary = find(request.getRunId());
        if (summary.isEmpty()) {
            out.onError(status(none(request.getRunId())));
            return;
        }
        out.onNext(response(summary.get()));
        out.onCompleted();
    }

    @Override
    public void watchStatus(StatusRequest request, StreamObserver<StatusResponse> out) {
        Optional<RunSummary> first = find(request.getRunId());
        if (first.isEmpty()) {
            out.onError(status(none(request.getRunId())));
            return;
        }
        String runId = first.get().runId();
        ServerCallStreamObserver<StatusResponse> call = (ServerCallStreamObserver<StatusResponse>) out;
        Thread.ofVirtual().name("watch").start(() -> watch(runId, call));
    }

    private void watch(String runId, ServerCallStreamObserver<StatusResponse> out) {
        String last = "";
        try {
            while (!out.isCancelled()) {
                Optional<RunSummary> summary = engine.status(runId);
                if (summary.isPresent() && out.isReady()) {
                    StatusResponse response = response(summary.get());
                    if (!response.getJson().equals(last) || response.getTerminal()) {
                        out.onNext(response);
                        last = response.getJson();
                    }
                    if (response.getTerminal()) {
                        out.onCompleted();
                        return;
                    }
                }
                Thread.sleep(WATCH_INTERVAL);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (StatusRuntimeException | IllegalStateException e) {
            LOG.debug("a watcher went away", e);
        }
    }

    @Override
    public void cancelRun(CancelRunRequest request, StreamObserver<CancelRunResponse> out) {
        Optional<RunSummary> summary = find(request.getRunId());
        if (summary.isEmpty() || summary.get().state().terminal()) {
            out.onError(status(
                    summary.isEmpty()
                            ? none(request.getRunId())
                            : new UserError(
                                    "run " + summary.get().runId() + " has ended already",
                                    "see 'run status' for how")));
            return;
        }
        engine.cancel(request.getReason().isEmpty() ? "cancelled by the operator" : request.getReason());
        out.onNext(CancelRunResponse.getDefaultInstance());
        out.onCompleted();
    }

    @Override
    public void approveRun(ApproveRunRequest request, StreamObserver<ApproveRunResponse> out) {
        try {
            out.onNext(approvals.approve(Peer.current(), request));
            out.onCompleted();
        } catch (UserError e) {
            out.onError(status(e));
        }
    }

    @Override
    public void publishPlan(PublishPlanRequest request, StreamObserver<PlansResponse> out) {
        try {
            plans.publish(
                    request.getStudyText(),
                    request.getLegalBasis(),
                    request.getCodeSha256(),
                    Duration.ofSeconds(request.getValidSeconds()));
            listPlans(ListPlansRequest.getDefaultInstance(), out);
        } catch (UserError e) {
            out.onError(status(e));
        }
    }

    @Override
    public void listPlans(ListPlansRequest request, StreamObserver<PlansResponse> out) {
        out.onNext(PlansResponse.newBuilder()
                .setJson(plans.json(registry.sites().stream()
                        .map(SiteRegistry.EnrolledSite::name)
                        .sorted()
                        .toList()))
                .build());
        out.onCompleted();
    }

    private Optional<RunSummary> find(String runId) {
        return runId.isEmpty() ? engine.status() : engine.status(runId);
    }

    private StatusResponse response(RunSummary summary) {
        return StatusResponse.newBuilder()
                .setJson(RunJson.write(summary))
                .setTerminal(summary.state().terminal() && engine.settled(summary.runId()))
                .build();
    }

    private static UserError none(String runId) {
        return new UserError(
                runId.isEmpty() ? "there was no run yet" : "there is no run '" + runId + "'",
                "start one with 'commissure coordinator run start'");
    }

    private static StatusRuntimeException status(UserError problem) {
        return Status.FAILED_PRECONDITION
                .withDescription(problem.getMessage() + "\n" + problem.remedy())
                .asRuntimeException();
    }
}
