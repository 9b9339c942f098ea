package org.commissure.site.connection;

import com.google.protobuf.ByteString;
import io.grpc.Context;
import io.grpc.Status;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.protocol.v1.DownloadChunk;
import org.commissure.protocol.v1.DownloadRequest;
import org.commissure.protocol.v1.FederationGrpc;

/**
 * Released models on this site's disk, each under its hash. A download that broke goes on where it
 * stopped; a file counts only after its hash was checked. Used by one thread.
 */
final class ModelStore {
    private static final String COMPLETE = ".f32";
    private static final String PARTIAL = ".part";
    private static final int BUFFER_BYTES = 1 << 20;

    private final Path folder;

    ModelStore(Path folder) {
        this.folder = folder;
    }

    boolean has(ByteString sha256) {
        return Files.exists(complete(sha256));
    }

    /** What {@link #fetch} left. */
    Path file(ByteString sha256) {
        return complete(sha256);
    }

    /** One attempt; what arrived stays for the next. */
    void fetch(FederationGrpc.FederationBlockingStub coordinator, ByteString sha256, long parameterCount)
            throws IOException, TransferRefusedException {
        Files.createDirectories(folder);
        Path partial = folder.resolve(name(sha256) + PARTIAL);
        long total = Math.multiplyExact(parameterCount, (long) Float.BYTES);
        MessageDigest digest;
        try (FileChannel out = FileChannel.open(
                        partial, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                Context.CancellableContext call = Context.current().withCancellation()) {
            long offset = Math.min(out.size(), total);
            out.truncate(offset);
            digest = hash(out);
            Context before = call.attach();
            try {
                receive(coordinator, sha256, total, offset, out, digest);
            } finally {
                call.detach(before);
            }
            out.force(true);
        }
        if (!sha256.equals(ByteString.copyFrom(digest.digest()))) {
            Files.delete(partial);
            throw new TransferRefusedException("the model that the coordinator sent is not the one it announced:"
                    + " its SHA-256 differs; tell the coordinator's operator");
        }
        Files.move(partial, complete(sha256), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        removeOthers(sha256);
    }

    private static void receive(
            FederationGrpc.FederationBlockingStub coordinator,
            ByteString sha256,
            long total,
            long from,
            FileChannel out,
            MessageDigest digest)
            throws IOException, TransferRefusedException {
        long offset = from;
        if (offset == total) {
            return;
        }
        Iterator<DownloadChunk> chunks = coordinator.download(
                DownloadRequest.newBuilder().setSha256(sha256).setOffset(offset).build());
        while (offset < total && chunks.hasNext()) {
            DownloadChunk chunk = chunks.next();
            ByteString data = chunk.getData();
            if (chunk.getTotalBytes() != total
                    || chunk.getOffset() != offset
                    || offset + data.size() > total
                    || !SignedMessages.sha256(data).equals(chunk.getDataSha256())) {
                throw new TransferRefusedException("the coordinator sent a piece of the model that does not fit:"
                        + " wrong size, place or hash; tell the coordinator's operator");
            }
            ByteBuffer bytes = data.asReadOnlyByteBuffer();
            digest.update(bytes.duplicate());
            while (bytes.hasRemaining()) {
                offset += out.write(bytes, offset);
            }
        }
        if (offset < total) {
            throw Status.UNAVAILABLE.withDescription("the download ended early").asRuntimeException();
        }
    }

    /** @throws TransferRefusedException if a parameter is not a finite number */
    float[] load(ByteString sha256, long parameterCount) throws IOException, TransferRefusedException {
        float[] parameters = new float[Math.toIntExact(parameterCount)];
        int at = 0;
        try (FileChannel in = FileChannel.open(complete(sha256), StandardOpenOption.READ)) {
            if (in.size() != parameterCount * Float.BYTES) {
                throw new TransferRefusedException("the model has another length than the invitation says");
            }
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            while (at < parameters.length) {
                in.read(buffer);
                buffer.flip();
                int count = buffer.remaining() / Float.BYTES;
                buffer.asFloatBuffer().get(parameters, at, count);
                at += count;
                buffer.position(count * Float.BYTES);
                buffer.compact();
            }
        }
        for (float value : parameters) {
            if (!Float.isFinite(value)) {
                throw new TransferRefusedException(
                        "the model holds a parameter that is not a finite number; start a new run from an"
                                + " earlier model");
            }
        }
        return parameters;
    }

    private void removeOthers(ByteString keep) throws IOException {
        List<Path> files;
        try (Stream<Path> listing = Files.list(folder)) {
            files = listing.toList();
        }
        for (Path file : files) {
            if (!file.equals(complete(keep))) {
                Files.deleteIfExists(file);
            }
        }
    }

    private Path complete(ByteString sha256) {
        return folder.resolve(name(sha256) + COMPLETE);
    }

    private static String name(ByteString sha256) {
        return HexFormat.of().formatHex(sha256.toByteArray());
    }

    /** Of what is there; more may follow. */
    private static MessageDigest hash(FileChannel in) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
            while (in.read(buffer.clear()) >= 0) {
                digest.update(buffer.flip());
            }
            return digest;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
