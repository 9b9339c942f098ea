package org.commissure.coordinator.federation;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.commissure.coordinator.aggregation.ModelStore.StoredModel;
import org.commissure.coordinator.metrics.Traffic;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.protocol.v1.DownloadChunk;

/** Streams a model's parameters, 256 KiB at a time, only as fast as the site takes them. */
final class DownloadStream {
    private static final int CHUNK_BYTES = 256 << 10;

    private final ServerCallStreamObserver<DownloadChunk> out;
    private final StoredModel model;
    private final Traffic traffic;
    private final InputStream in;
    private long offset;
    private boolean over;

    private DownloadStream(ServerCallStreamObserver<DownloadChunk> out, StoredModel model, long offset, Traffic traffic)
            throws IOException {
        this.out = out;
        this.model = model;
        this.offset = offset;
        this.traffic = traffic;
        this.in = model.data(offset);
    }

    static void start(ServerCallStreamObserver<DownloadChunk> out, StoredModel model, long offset, Traffic traffic)
            throws IOException {
        DownloadStream stream = new DownloadStream(out, model, offset, traffic);
        out.setOnReadyHandler(stream::pump);
        out.setOnCloseHandler(stream::close);
        out.setOnCancelHandler(stream::close);
    }

    private void pump() {
        try {
            while (!over && out.isReady()) {
                byte[] data = new byte[(int) Math.min(CHUNK_BYTES, model.dataBytes() - offset)];
                if (data.length == 0) {
                    over = true;
                    out.onCompleted();
                    return;
                }
                if (in.readNBytes(data, 0, data.length) < data.length) {
                    throw new EOFException("the model's file is shorter than it was");
                }
                ByteString bytes = UnsafeByteOperations.unsafeWrap(data); // nobody writes to it any more
                out.onNext(DownloadChunk.newBuilder()
                        .setOffset(offset)
                        .setTotalBytes(model.dataBytes())
                        .setData(bytes)
                        .setDataSha256(SignedMessages.sha256(bytes))
                        .build());
                offset += data.length;
                traffic.sent(data.length);
            }
        } catch (IOException e) {
            over = true;
            out.onError(Status.UNAVAILABLE
                    .withDescription("the model cannot be read on the coordinator; try again")
                    .asException());
        }
    }

    private void close() {
        over = true;
        try {
            in.close();
        } catch (IOException e) {
            // nothing was written, nothing is lost
        }
    }
}
