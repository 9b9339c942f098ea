package org.commissure.coordinator.federation;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.OptionalLong;
import org.commissure.coordinator.aggregation.UploadRefusedException;
import org.commissure.coordinator.aggregation.UploadSpool;
import org.commissure.coordinator.metrics.Traffic;
import org.commissure.coordinator.round.RunEngine;
import org.commissure.privacy.audit.Actions;
import org.commissure.protocol.logging.LogContext;
import org.commissure.protocol.v1.SumId;
import org.commissure.protocol.v1.UploadAck;
import org.commissure.protocol.v1.UploadChunk;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream of chunks of one site. The next chunk is asked for only when the last one is written, so
 * a slow disk slows the sender down and never fills memory.
 */
final class UploadStream implements StreamObserver<UploadChunk> {
    private static final Logger LOG = LoggerFactory.getLogger(UploadStream.class);

    private final RunEngine engine;
    private final UploadSpool spool;
    private final RefusalLog refusals;
    private final Traffic traffic;
    private final String site;
    private final ServerCallStreamObserver<UploadAck> out;
    private @Nullable SumId sum;
    private long totalBytes;
    private boolean over;

    UploadStream(
            RunEngine engine,
            UploadSpool spool,
            RefusalLog refusals,
            Traffic traffic,
            String site,
            StreamObserver<UploadAck> out) {
        this.engine = engine;
        this.spool = spool;
        this.refusals = refusals;
        this.traffic = traffic;
        this.site = site;
        this.out = (ServerCallStreamObserver<UploadAck>) out;
        this.out.disableAutoRequest();
        this.out.request(1);
    }

    @Override
    public void onNext(UploadChunk chunk) {
        if (over) {
            return;
        }
        SumId about = sum;
        if (about == null) {
            about = chunk.getSum();
            sum = about;
            totalBytes = chunk.getTotalBytes();
        }
        LogContext.turnTo(about);
        OptionalLong expected = engine.uploadBytes(about, site);
        if (expected.isEmpty()) {
            end(Status.FAILED_PRECONDITION.withDescription(notAwaited(site)));
        } else if (expected.getAsLong() != totalBytes) {
            refuse(
                    Status.INVALID_ARGUMENT,
                    "the upload has " + totalBytes + " bytes, the vector of this sum " + expected.getAsLong());
        } else {
            take(about, chunk);
        }
    }

    private void take(SumId about, UploadChunk chunk) {
        try {
            long before = spool.writtenBytes(about, site);
            long written =
                    spool.append(about, site, totalBytes, chunk.getOffset(), chunk.getData(), chunk.getDataSha256());
            engine.uploaded(site, written - before);
            traffic.received(written - before);
            out.onNext(UploadAck.newBuilder().setWrittenBytes(written).build());
            out.request(1);
        } catch (UploadRefusedException e) {
            refuse(Status.OUT_OF_RANGE, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            LOG.error(
                    "an upload of {} cannot be written: {}; free space on the coordinator's disk",
                    site,
                    e.getMessage());
            end(Status.RESOURCE_EXHAUSTED.withDescription(
                    "the coordinator's disk does not take the upload; it goes on from the last acknowledged byte once"
                            + " there is space"));
        }
    }

    static String notAwaited(String site) {
        return "no upload of site '" + site + "' is awaited for this sum: it is over, or the upload is complete";
    }

    private void refuse(Status status, String symptom) {
        refusals.refused(Actions.MESSAGE_REFUSED, site, "upload: " + symptom);
        end(status.withDescription(symptom));
    }

    private void end(Status status) {
        over = true;
        out.onError(status.asException());
    }

    @Override
    public void onError(Throwable problem) {
        LOG.debug("an upload of {} was interrupted", site);
    }

    @Override
    public void onCompleted() {
        if (!over) {
            out.onCompleted();
        }
    }
}
