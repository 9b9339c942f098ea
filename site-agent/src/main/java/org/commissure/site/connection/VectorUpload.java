package org.commissure.site.connection;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.protocol.v1.FederationGrpc;
import org.commissure.protocol.v1.SumId;
import org.commissure.protocol.v1.UploadAck;
import org.commissure.protocol.v1.UploadChunk;
import org.commissure.protocol.v1.UploadStatusRequest;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to bring a file to the coordinator. Acknowledgements bound how far the sender runs
 * ahead, so that a slow link costs no memory. Used by one thread; acknowledgements arrive on another.
 */
final class VectorUpload implements StreamObserver<UploadAck> {
    private static final int CHUNK_BYTES = 256 << 10;
    private static final long WINDOW_BYTES = 8L * CHUNK_BYTES;
    /** A peer that acknowledges nothing for so long is gone; the next attempt asks where to go on. */
    private static final long STALLED_MS = 60_000;

    private final Object lock = new Object();
    private long written;
    private boolean ended;
    private @Nullable Throwable failure;

    private VectorUpload(long written) {
        this.written = written;
    }

    /** @throws StatusRuntimeException if the connection broke or the coordinator refused */
    static void run(
            FederationGrpc.FederationBlockingStub blocking, FederationGrpc.FederationStub async, SumId sum, Path file)
            throws IOException, InterruptedException {
        long from = blocking.uploadStatus(
                        UploadStatusRequest.newBuilder().setSum(sum).build())
                .getWrittenBytes();
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            long total = in.size();
            if (from >= total) {
                return;
            }
            VectorUpload upload = new VectorUpload(from);
            StreamObserver<UploadChunk> out = async.upload(upload);
            try {
                upload.send(in, total, sum, out);
                out.onCompleted();
            } catch (IOException | InterruptedException | StatusRuntimeException e) {
                out.onError(
                        Status.CANCELLED.withDescription("the upload stopped").asRuntimeException());
                throw e;
            }
        }
    }

    private void send(FileChannel in, long total, SumId sum, StreamObserver<UploadChunk> out)
            throws IOException, InterruptedException {
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK_BYTES);
        long offset = written;
        boolean first = true;
        while (offset < total) {
            awaitWritten(offset - WINDOW_BYTES);
            buffer.clear();
            while (buffer.hasRemaining() && in.read(buffer, offset + buffer.position()) >= 0) {}
            ByteString data = ByteString.copyFrom(buffer.flip());
            UploadChunk.Builder chunk =
                    UploadChunk.newBuilder().setOffset(offset).setData(data).setDataSha256(SignedMessages.sha256(data));
            if (first) {
                chunk.setSum(sum).setTotalBytes(total);
                first = false;
            }
            out.onNext(chunk.build());
            offset += data.size();
        }
        awaitWritten(total);
    }

    private void awaitWritten(long bytes) throws InterruptedException {
        synchronized (lock) {
            while (written < bytes) {
                if (failure != null) {
                    throw Status.fromThrowable(failure).asRuntimeException();
                }
                if (ended) {
                    throw Status.UNAVAILABLE
                            .withDescription("stream ended early")
                            .asRuntimeException();
                }
                long before = written;
                lock.wait(STALLED_MS);
                if (written == before && failure == null && !ended) {
                    throw Status.DEADLINE_EXCEEDED.asRuntimeException();
                }
            }
        }
    }

    @Override
    public void onNext(UploadAck ack) {
        synchronized (lock) {
            written = Math.max(written, ack.getWrittenBytes());
            lock.notifyAll();
        }
    }

    @Override
    public void onError(Throwable cause) {
        synchronized (lock) {
            failure = cause;
            lock.notifyAll();
        }
    }

    @Override
    public void onCompleted() {
        synchronized (lock) {
            ended = true;
            lock.notifyAll();
        }
    }
}
