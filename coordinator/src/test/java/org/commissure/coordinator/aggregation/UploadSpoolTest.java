package org.commissure.coordinator.aggregation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.protocol.v1.MaskedHeader;
import org.commissure.protocol.v1.SumId;
import org.commissure.protocol.v1.SumKind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploadSpoolTest {
    private static final SumId SUM = SumId.newBuilder()
            .setRunId("run-1")
            .setRound(1)
            .setKind(SumKind.TRAIN)
            .setAttempt(1)
            .build();
    private static final int CHUNK = 1000;

    @TempDir
    private Path folder;

    private byte[] vector;

    @BeforeEach
    void aVector() {
        vector = new byte[2500];
        new Random(1).nextBytes(vector);
    }

    @Test
    void aWholeUploadFitsItsHeader() throws Exception {
        UploadSpool spool = new UploadSpool(folder);
        assertThat(append(spool, 0)).isEqualTo(1000);
        assertThat(append(spool, 1000)).isEqualTo(2000);
        assertThat(append(spool, 2000)).isEqualTo(2500);
        spool.check(SUM, "A", header());
        assertThat(spool.open(SUM, "A").readAllBytes()).isEqualTo(vector);
    }

    @Test
    void anUploadGoesOnInAnotherProcess() throws Exception {
        append(new UploadSpool(folder), 0);
        UploadSpool later = new UploadSpool(folder);
        assertThat(later.writtenBytes(SUM, "A")).isEqualTo(1000);
        append(later, 1000);
        append(later, 2000);
        later.check(SUM, "A", header());
    }

    @Test
    void whatASiteDealtIsReadFromItsFileAlsoByALaterProcessAndGoesWithTheAttempt() throws Exception {
        new UploadSpool(folder).keepDealt(SUM, "A", ByteString.copyFrom(vector));
        UploadSpool spool = new UploadSpool(folder);
        ByteBuffer first = spool.dealt(SUM, "A");
        spool.keepDealt(SUM, "A", ByteString.copyFromUtf8("again"));
        ByteBuffer second = spool.dealt(SUM, "A");
        spool.discard(SUM);

        assertThat(ByteString.copyFrom(first)).isEqualTo(ByteString.copyFrom(vector));
        assertThat(ByteString.copyFrom(second)).isEqualTo(ByteString.copyFromUtf8("again"));
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
        assertThatThrownBy(() -> spool.dealt(SUM, "A")).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void aChunkThatIsThereAlreadyIsTakenAsRead() throws Exception {
        UploadSpool spool = new UploadSpool(folder);
        append(spool, 0);
        append(spool, 0);
        append(spool, 500);
        append(spool, 1500);
        spool.check(SUM, "A", header());
    }

    @Test
    void aGapIsRefusedAndLosesNothing() throws Exception {
        UploadSpool spool = new UploadSpool(folder);
        append(spool, 0);
        assertThatThrownBy(() -> append(spool, 1500))
                .isInstanceOf(UploadRefusedException.class)
                .hasMessageContaining("1000 bytes are here");
        append(spool, 1000);
        append(spool, 2000);
        spool.check(SUM, "A", header());
    }

    @Test
    void whatAPowerCutDamagedIsRefused() throws Exception {
        append(new UploadSpool(folder), 0);
        Path file;
        try (Stream<Path> files = Files.walk(folder)) {
            file = files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(file);
        bytes[999] ^= 1;
        Files.write(file, bytes);
        UploadSpool later = new UploadSpool(folder);
        append(later, 1000);
        append(later, 2000);
        assertThatThrownBy(() -> later.check(SUM, "A", header()))
                .isInstanceOf(UploadRefusedException.class)
                .hasMessageContaining("do not fit the SHA-256");
    }

    @Test
    void aShortOrAlteredUploadIsRefused() throws Exception {
        UploadSpool spool = new UploadSpool(folder);
        append(spool, 0);
        assertThatThrownBy(() -> spool.check(SUM, "A", header())).hasMessageContaining("but 1000 were uploaded");
        append(spool, 1000);
        append(spool, 2000);
        MaskedHeader other = header().toBuilder()
                .setVectorSha256(SignedMessages.sha256(ByteString.copyFromUtf8("another vector")))
                .build();
        assertThatThrownBy(() -> spool.check(SUM, "A", other)).hasMessageContaining("do not fit the SHA-256");
        spool.check(SUM, "A", header());
    }

    private long append(UploadSpool spool, int offset) throws IOException, UploadRefusedException {
        ByteString data = ByteString.copyFrom(vector, offset, Math.min(CHUNK, vector.length - offset));
        return spool.append(SUM, "A", vector.length, offset, data, SignedMessages.sha256(data));
    }

    private MaskedHeader header() {
        return MaskedHeader.newBuilder()
                .setVectorBytes(vector.length)
                .setVectorSha256(SignedMessages.sha256(ByteString.copyFrom(vector)))
                .build();
    }
}
