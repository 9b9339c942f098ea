package org.commissure.site.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.stream.Stream;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SumId;
import org.commissure.protocol.v1.SumKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteDatabaseTest {
    private static final SumId SUM = SumId.newBuilder()
            .setRunId("run")
            .setRound(1)
            .setKind(SumKind.TRAIN)
            .setAttempt(2)
            .build();

    @TempDir
    private Path folder;

    @Test
    void aSumIsThereAgainAfterTheFileIsOpenedAnew() {
        SiteDatabase database = open();
        SumStore sums = new SumStore(database);
        database.transaction(handle -> sums.save(handle, row("shared", Optional.of(new byte[] {1, 2}))));
        SumRow read = new SumStore(open()).find(SUM).orElseThrow();
        assertThat(read.phase()).isEqualTo("shared");
        assertThat(read.secrets().orElseThrow()).containsExactly(1, 2);
        assertThat(new SumStore(open()).unfinished("run")).hasSize(1);
    }

    @Test
    void theSecretsOfAnEndedSumAreGone() {
        SiteDatabase database = open();
        SumStore sums = new SumStore(database);
        database.transaction(handle -> sums.save(handle, row("shared", Optional.of(new byte[] {1, 2}))));
        database.transaction(handle -> sums.save(handle, row("released", Optional.empty())));
        assertThat(sums.find(SUM).orElseThrow().secrets()).isEmpty();
        assertThat(sums.unfinished("run")).isEmpty();
    }

    @Test
    void whereConnectionsAreKeptNoFileHoldsTheSecretsOfAnEndedSum() throws IOException {
        byte[] secrets = "the secrets of this sum".getBytes(StandardCharsets.US_ASCII);
        SiteDatabase database = open();
        SumStore sums = new SumStore(database);
        try (SiteDatabase.Kept kept = database.keepConnections()) {
            database.transaction(handle -> sums.save(handle, row("shared", Optional.of(secrets))));
            assertThat(filesHold(secrets)).isTrue();
            database.transaction(handle -> sums.save(handle, row("released", Optional.empty())));
            database.foldAway();
            assertThat(filesHold(secrets)).isFalse();
        }
        assertThat(sums.find(SUM).orElseThrow().phase()).isEqualTo("released");
    }

    private boolean filesHold(byte[] bytes) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                        .contains(new String(bytes, StandardCharsets.ISO_8859_1))) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    void aTransactionThatFailsLeavesNothing() {
        SiteDatabase database = open();
        SumStore sums = new SumStore(database);
        try {
            database.transaction(handle -> {
                sums.save(handle, row("shared", Optional.empty()));
                throw new IllegalStateException("a kill in between");
            });
        } catch (IllegalStateException e) {
            assertThat(sums.find(SUM)).isEmpty();
        }
    }

    @Test
    void aLogEntryIsPendingUntilItsReceipt() {
        SiteDatabase database = open();
        LogOutbox outbox = new LogOutbox(database);
        Signed entry =
                Signed.newBuilder().setPayload(ByteString.copyFromUtf8("entry")).build();
        database.transaction(handle -> outbox.add(handle, entry));
        database.transaction(handle -> outbox.add(handle, entry));
        assertThat(outbox.pending()).containsExactly(entry);
        assertThat(outbox.isLogged(LogOutbox.hash(entry))).isFalse();
        outbox.received(LogOutbox.hash(entry), 17);
        assertThat(outbox.pending()).isEmpty();
        assertThat(outbox.isLogged(LogOutbox.hash(entry))).isTrue();
    }

    @Test
    void theSaltIsBornOnce() {
        byte[] salt = new SealStore(open()).salt(new SecureRandom());
        assertThat(salt).hasSize(32);
        assertThat(new SealStore(open()).salt(new SecureRandom())).isEqualTo(salt);
    }

    private SiteDatabase open() {
        return SiteDatabase.open(folder.resolve("site.db"));
    }

    private static SumRow row(String phase, Optional<byte[]> secrets) {
        return new SumRow(SUM, phase, new byte[] {9}, secrets, Optional.empty(), "", 1, 2);
    }
}
