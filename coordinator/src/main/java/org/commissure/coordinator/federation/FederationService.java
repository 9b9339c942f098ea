package org.commissure.coordinator.federation;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.commissure.coordinator.aggregation.ModelStore;
import org.commissure.coordinator.aggregation.SumStore;
import org.commissure.coordinator.aggregation.UploadSpool;
import org.commissure.coordinator.metrics.Traffic;
import org.commissure.coordinator.round.RunState;
import org.commissure.protocol.v1.CoordinatorFrame;
import org.commissure.protocol.v1.DownloadChunk;
import org.commissure.protocol.v1.DownloadRequest;
import org.commissure.protocol.v1.EnrolRequest;
import org.commissure.protocol.v1.EnrolResponse;
import org.commissure.protocol.v1.FederationGrpc;
import org.commissure.protocol.v1.NowRequest;
import org.commissure.protocol.v1.NowResponse;
import org.commissure.protocol.v1.RenewRequest;
import org.commissure.protocol.v1.RenewResponse;
import org.commissure.protocol.v1.SiteFrame;
import org.commissure.protocol.v1.UploadAck;
import org.commissure.protocol.v1.UploadChunk;
import org.commissure.protocol.v1.UploadStatusRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything sites call. */
final class FederationService extends FederationGrpc.FederationImplBase {
    private static final Logger LOG = LoggerFactory.getLogger(FederationService.class);

    private final CoordinatorHome home;
    private final Enrolment enrolment;
    private final Renewal renewal;
    private final ControlStream.Context context;
    private final UploadSpool spool;
    private final Traffic traffic;

    FederationService(
            CoordinatorHome home,
            Enrolment enrolment,
            Renewal renewal,
            ControlStream.Context context,
            UploadSpool spool,
            Traffic traffic) {
        this.home = home;
        this.enrolment = enrolment;
        this.renewal = renewal;
        this.context = context;
        this.spool = spool;
        this.traffic = traffic;
    }

    private interface Answer<A> {
        A give() throws StatusException;
    }

    private static <A> void answer(String what, Answer<A> answer, StreamObserver<A> out) {
        try {
            out.onNext(answer.give());
            out.onCompleted();
        } catch (StatusException e) {
            out.onError(e);
        } catch (RuntimeException e) {
            LOG.error("{} failed", what, e);
            out.onError(Status.UNAVAILABLE
                    .withDescription("the coordinator is not able to " + what
                            + " at the moment; try again, then tell its operator")
                    .asException());
        }
    }

    @Override
    public void enrol(EnrolRequest request, StreamObserver<EnrolResponse> out) {
        answer("enrol", () -> enrolment.enrol(request), out);
    }

    @Override
    public void renew(RenewRequest request, StreamObserver<RenewResponse> out) {
        Peer peer = Peer.current();
        answer("renew certificates", () -> renewal.renew(peer, request), out);
    }

    @Override
    public void now(NowRequest request, StreamObserver<NowResponse> out) {
        out.onNext(NowResponse.newBuilder()
                .setCoordinatorTimeUnixMs(context.clock().millis())
                .build());
        out.onCompleted();
    }

    @Override
    public StreamObserver<SiteFrame> participate(StreamObserver<CoordinatorFrame> out) {
        return new ControlStream(context, Peer.current(), out);
    }

    @Override
    public void uploadStatus(UploadStatusRequest request, StreamObserver<UploadAck> out) {
        String site = Peer.current().name();
        if (context.engine().uploadBytes(request.getSum(), site).isEmpty()) {
            out.onError(Status.FAILED_PRECONDITION
                    .withDescription(UploadStream.notAwaited(site))
                    .asException());
            return;
        }
        try {
            out.onNext(UploadAck.newBuilder()
                    .setWrittenBytes(spool.writtenBytes(request.getSum(), site))
                    .build());
            out.onCompleted();
        } catch (IOException e) {
            LOG.error("the spool cannot be read", e);
            out.onError(Status.UNAVAILABLE
                    .withDescription("the coordinator cannot read its spool; try again")
                    .asException());
        }
    }

    @Override
    public StreamObserver<UploadChunk> upload(StreamObserver<UploadAck> out) {
        return new UploadStream(
                context.engine(),
                spool,
                context.refusals(),
                traffic,
                Peer.current().name(),
                out);
    }

    @Override
    public void download(DownloadRequest request, StreamObserver<DownloadChunk> out) {
        Optional<RunState> run = context.engine().state();
        try {
            Path folder =
                    home.runs().resolve(run.map(state -> state.plan().runId()).orElse("none"));
            ModelStore models = new ModelStore(folder.resolve("models"));
            Optional<ModelStore.StoredModel> found = models.has(request.getSha256())
                    ? Optional.of(models.open(request.getSha256()))
                    : new SumStore(folder.resolve("sums")).open(request.getSha256());
            if (found.isEmpty()) {
                out.onError(Status.NOT_FOUND
                        .withDescription("the present run has no model or sum of this hash")
                        .asException());
                return;
            }
            ModelStore.StoredModel model = found.get();
            if (request.getOffset() < 0 || request.getOffset() > model.dataBytes()) {
                out.onError(Status.OUT_OF_RANGE
                        .withDescription("the model has " + model.dataBytes() + " bytes")
                        .asException());
                return;
            }
            DownloadStream.start((ServerCallStreamObserver<DownloadChunk>) out, model, request.getOffset(), traffic);
        } catch (IOException e) {
            LOG.error("a model cannot be read", e);
            out.onError(Status.UNAVAILABLE
                    .withDescription("the model cannot be read on the coordinator; try again")
                    .asException());
        }
    }
}
