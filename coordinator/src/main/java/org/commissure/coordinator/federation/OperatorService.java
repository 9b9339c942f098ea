package org.commissure.coordinator.federation;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.commissure.coordinator.queue.RunQueue;
import org.commissure.coordinator.round.RunEngine;
import org.commissure.coordinator.round.RunJson;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.coordinator.storage.SiteRegistry;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.ApproveRunRequest;
import org.commissure.protocol.v1.ApproveRunResponse;
import org.commissure.protocol.v1.CancelRunRequest;
import org.commissure.protocol.v1.CancelRunResponse;
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
    private final RunQueue queue;
    private final Approvals approvals;
    private final RunEngine engine;
    private final RunList runs;
    private final PlanDesk plans;
    private final PlanClone clone;
    private final SiteRegistry registry;
    private final Path incoming;

    /** @param incoming folder for models on their way in */
    OperatorService(
            RunStarter starter,
            RunQueue queue,
            Approvals approvals,
            RunEngine engine,
            RunList runs,
            PlanDesk plans,
            PlanClone clone,
            SiteRegistry registry,
            Path incoming) {
        this.starter = starter;
        this.queue = queue;
        this.approvals = approvals;
        this.engine = engine;
        this.runs = runs;
        this.plans = plans;
        this.clone = clone;
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
        private Optional<QueueTerms> terms = Optional.empty();
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
                    terms = chunk.hasQueue() ? Optional.of(chunk.getQueue()) : Optional.empty();
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
                out.onNext(begin(model));
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

        private StartRunResponse begin(Path model) {
            if (terms.isEmpty()) {
                return StartRunResponse.newBuilder()
                        .setRunId(starter.start(study, model, runId))
                        .build();
            }
            RunQueue.Place place = queue.add(study, model, runId, terms(terms.get()));
            return StartRunResponse.newBuilder()
                    .setRunId(place.runId())
                    .setPosition(place.position())
                    .build();
        }

        private static RunQueue.Terms terms(QueueTerms asked) {
            return new RunQueue.Terms(
                    Instant.ofEpochMilli(asked.getNotBeforeUnixMs()),
                    asked.hasApprovals() ? Optional.of(asked.getApprovals()) : Optional.empty());
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
    public void listRuns(ListRunsRequest request, StreamObserver<RunsResponse> out) {
        answer(
                out,
                () -> RunsResponse.newBuilder()
                        .setJson(RunJson.write(Map.of(
                                "runs",
                                runs.newest(request.getNewest() > 0 ? request.getNewest() : Integer.MAX_VALUE))))
                        .build());
    }

    @Override
    public void cancelRun(CancelRunRequest request, StreamObserver<CancelRunResponse> out) {
        answer(out, () -> {
            var unused = underWay(request.getRunId());
            engine.cancel(request.getReason().isEmpty() ? "cancelled by the operator" : request.getReason());
            return CancelRunResponse.getDefaultInstance();
        });
    }

    @Override
    public void pauseRun(PauseRunRequest request, StreamObserver<StatusResponse> out) {
        answer(out, () -> {
            RunSummary run = underWay(request.getRunId());
            if (run.isPaused()) {
                throw new UserError("run " + run.runId() + " is paused already", "'run resume' lets it go on");
            }
            engine.pause(request.getReason());
            return response(engine.status(run.runId()).orElse(run));
        });
    }

    @Override
    public void continueRun(ContinueRunRequest request, StreamObserver<StatusResponse> out) {
        answer(out, () -> {
            RunSummary run = underWay(request.getRunId());
            if (!run.isPaused()) {
                throw new UserError("run " + run.runId() + " is not paused", "see 'run status' for how it stands");
            }
            engine.continueRun();
            return response(engine.status(run.runId()).orElse(run));
        });
    }

    @Override
    public void listQueue(ListQueueRequest request, StreamObserver<QueueResponse> out) {
        answer(out, this::queued);
    }

    @Override
    public void changeQueue(ChangeQueueRequest request, StreamObserver<QueueResponse> out) {
        answer(out, () -> {
            switch (request.getChangeCase()) {
                case MOVE_TO -> queue.move(request.getRunId(), request.getMoveTo());
                case REMOVE -> queue.remove(request.getRunId(), "removed by the operator");
                case RETRY -> queue.retry(request.getRunId());
                case CHANGE_NOT_SET -> throw new UserError("no change is asked for", "move, remove or retry a run");
            }
            return queued();
        });
    }

    private QueueResponse queued() {
        return QueueResponse.newBuilder()
                .setJson(RunJson.write(Map.of("queue", queue.list())))
                .build();
    }

    private RunSummary underWay(String runId) {
        RunSummary run = find(runId).orElseThrow(() -> none(runId));
        if (run.state().terminal()) {
            throw new UserError("run " + run.runId() + " has ended already", "see 'run status' for how");
        }
        return run;
    }

    private static <A> void answer(StreamObserver<A> out, Supplier<A> answer) {
        A given;
        try {
            given = answer.get();
        } catch (UserError e) {
            out.onError(status(e));
            return;
        }
        out.onNext(given);
        out.onCompleted();
    }

    @Override
    public void approveRun(ApproveRunRequest request, StreamObserver<ApproveRunResponse> out) {
        Peer peer = Peer.current();
        answer(out, () -> approvals.approve(peer, request));
    }

    @Override
    public void publishPlan(PublishPlanRequest request, StreamObserver<PlansResponse> out) {
        answer(out, () -> {
            plans.publish(
                    request.getStudyText(),
                    request.getLegalBasis(),
                    request.getCodeSha256(),
                    Duration.ofSeconds(request.getValidSeconds()));
            return published();
        });
    }

    @Override
    public void listPlans(ListPlansRequest request, StreamObserver<PlansResponse> out) {
        answer(out, this::published);
    }

    @Override
    public void clonePlan(ClonePlanRequest request, StreamObserver<ClonePlanResponse> out) {
        answer(out, () -> {
            PlanClone.Cloned cloned = clone.of(request.getOf(), request.getSetMap());
            ClonePlanResponse.Builder response = ClonePlanResponse.newBuilder().setStudyText(cloned.studyText());
            if (!request.getDryRun()) {
                plans.publish(
                        cloned.studyText(),
                        request.getLegalBasis().isEmpty() ? cloned.legalBasis() : request.getLegalBasis(),
                        ByteString.EMPTY,
                        Duration.ofSeconds(request.getValidSeconds()));
                response.setPlansJson(published().getJson());
            }
            return response.build();
        });
    }

    private PlansResponse published() {
        return PlansResponse.newBuilder()
                .setJson(plans.json(registry.sites().stream()
                        .map(SiteRegistry.EnrolledSite::name)
                        .sorted()
                        .toList()))
                .build();
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
