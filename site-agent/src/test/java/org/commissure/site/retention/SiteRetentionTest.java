package org.commissure.site.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.commissure.protocol.v1.SumId;
import org.commissure.protocol.v1.SumKind;
import org.commissure.site.enrolment.SiteHome;
import org.commissure.site.storage.SiteDatabase;
import org.commissure.site.storage.SumRow;
import org.commissure.site.storage.SumStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteRetentionTest {
    private static final Duration HALF_A_YEAR = Duration.ofDays(180);

    @TempDir
    private Path folder;

    private static Path file(Path path, int ageDays) throws IOException {
        Files.createDirectories(path.getParent());
        Files.writeString(path, "tensors");
        return Files.setLastModifiedTime(
                path, FileTime.from(Clock.systemUTC().instant().minus(Duration.ofDays(ageDays))));
    }

    @Test
    void whatOldRunsLeftGoesAndTheNewestRunAndTheLedgerStay() throws IOException {
        SiteHome home = new SiteHome(folder);
        SiteDatabase database = SiteDatabase.open(home.database());
        SumStore sums = new SumStore(database);
        int opened = 1;
        for (String run : new String[] {"old.run", "new.run"}) {
            SumId sum = SumId.newBuilder()
                    .setRunId(run)
                    .setRound(1)
                    .setKind(SumKind.TRAIN)
                    .setAttempt(1)
                    .build();
            SumRow row =
                    new SumRow(sum, "released", new byte[1], Optional.empty(), Optional.empty(), "", opened, opened);
            database.transaction(handle -> sums.save(handle, row));
            opened++;
        }
        Path old = file(home.own().resolve("old.run.safetensors"), 200);
        Path young = file(home.own().resolve("older.safetensors"), 10);
        Path newest = file(home.own().resolve("new.run.safetensors"), 200);
        Path vector = file(home.outgoing().resolve("old_run-1-TRAIN-1.masked"), 200);
        Path uploading = file(home.outgoing().resolve("new_run-1-TRAIN-1.masked"), 200);
        Path ledger = file(home.ledger(), 2_000);
        Path receipt = file(home.receipts().resolve("old.run-1.json"), 2_000);

        SiteRetention retention = new SiteRetention(home, sums, Clock.systemUTC());
        assertThat(retention.plan(HALF_A_YEAR))
                .hasSize(5)
                .filteredOn(KeptFile::goes)
                .hasSize(2);
        assertThat(old).exists();
        assertThat(retention.apply(HALF_A_YEAR))
                .extracting(KeptFile::file)
                .containsExactly("own/old.run.safetensors", "outgoing/old_run-1-TRAIN-1.masked");
        assertThat(old).doesNotExist();
        assertThat(vector).doesNotExist();
        for (Path kept : new Path[] {young, newest, uploading, ledger, receipt}) {
            assertThat(kept).exists();
        }
        assertThat(retention.apply(HALF_A_YEAR)).isEmpty();
    }

    @Test
    void aSiteThatTookPartInNothingHasNothingToDelete() {
        SiteHome home = new SiteHome(folder);
        SumStore sums = new SumStore(SiteDatabase.open(home.database()));
        assertThat(new SiteRetention(home, sums, Clock.systemUTC()).apply(Duration.ZERO))
                .isEmpty();
    }
}
