package org.commissure.privacy.dp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.commissure.privacy.durable.DurableFile;
import org.commissure.protocol.UserError;

/**
 * The site's durable account of what its patients' privacy was spent on, across studies. Charged when
 * a masked update is about to be uploaded, never refunded.
 *
 * <p>Guarantees: {@link #charge} returns only after the line is on disk; one process at a time can
 * write; an altered line is detected when the ledger is opened. A last line that a crash cut short is
 * dropped, and the repair recorded: its charge had not returned, so nothing was uploaded for it. A removed
 * last line is not detectable from the file alone, only against a kept {@link LedgerContents#head}.
 * Thread-safe.
 */
public final class PrivacyLedger implements AutoCloseable {
    private final Path file;
    private final LedgerLock lock;
    private final FileChannel channel;
    private LedgerFile.Parsed parsed;

    private PrivacyLedger(Path file, LedgerLock lock, FileChannel channel, LedgerFile.Parsed parsed) {
        this.file = file;
        this.lock = lock;
        this.channel = channel;
        this.parsed = parsed;
    }

    /**
     * Opens the ledger for writing, creates it where there is none, and repairs a torn last line.
     *
     * @throws UserError if a line was altered, another process has it open, or the disk refuses
     */
    public static PrivacyLedger open(Path file) {
        return open(file, Clock.systemUTC());
    }

    static PrivacyLedger open(Path file, Clock clock) {
        Path absolute = file.toAbsolutePath();
        try {
            LedgerLock lock = LedgerLock.acquire(absolute);
            try {
                LedgerFile.Parsed parsed = LedgerFile.parse(absolute);
                if (parsed.contents().tornBytes() > 0 || !parsed.endsLine()) {
                    repair(absolute, parsed, clock);
                    parsed = LedgerFile.parse(absolute);
                }
                FileChannel channel = FileChannel.open(absolute, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                forceFolder(absolute);
                return new PrivacyLedger(absolute, lock, channel, parsed);
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw unwritable(absolute, e);
        }
    }

    /** Everything charged so far, composed. */
    public Guarantee spent(double delta) {
        return contents().spent(delta);
    }

    /** The same after {@code planned}, which counts once if it was already charged. Charges nothing. */
    public Guarantee after(Charge planned, double delta) {
        return after(planned, delta, charge -> true);
    }

    /** The same of those charges only that {@code counted} holds for. */
    public Guarantee after(Charge planned, double delta, Predicate<Charge> counted) {
        List<Charge> charges =
                new ArrayList<>(charges().stream().filter(counted).toList());
        if (charges.stream().noneMatch(planned::isSameUpdate)) {
            charges.add(planned);
        }
        return LedgerContents.compose(charges, delta);
    }

    /**
     * Records {@code charge} durably; a second time for the same (run, round, attempt) does nothing.
     *
     * @return whether it is new
     * @throws UserError if the disk refuses (then nothing was charged and nothing may be uploaded), or
     *     the same update was charged before with other parameters
     */
    public synchronized boolean charge(Charge charge) {
        for (Charge earlier : parsed.contents().charges()) {
            if (earlier.isSameUpdate(charge)) {
                if (!earlier.costsTheSame(charge)) {
                    throw new UserError(
                            "run " + charge.runId() + ", round " + charge.round() + ", attempt " + charge.attempt()
                                    + " is already in the privacy ledger " + file + " with other parameters",
                            "a new training of this round needs a new attempt");
                }
                return false;
            }
        }
        byte[] line = LedgerFile.chargeLine(parsed, charge);
        append(line);
        parsed = LedgerFile.appended(parsed, charge, line);
        return true;
    }

    /**
     * Records a patient's withdrawal or renewal of consent durably; a second time for the same number does nothing.
     *
     * @throws UserError if the disk refuses
     */
    public synchronized void consent(ConsentChange change) {
        if (parsed.contents().consents().stream().anyMatch(earlier -> earlier.number() == change.number())) {
            return;
        }
        byte[] line = LedgerFile.consentLine(parsed, change);
        append(line);
        parsed = LedgerFile.appended(parsed, change, line);
    }

    private void append(byte[] line) {
        long end = parsed.completeBytes();
        try {
            // A position, not an append: what an earlier failed write left behind is overwritten.
            channel.truncate(end);
            ByteBuffer buffer = ByteBuffer.wrap(line);
            while (buffer.hasRemaining()) {
                channel.write(buffer, end + buffer.position());
            }
            channel.force(true);
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    /** Oldest first. */
    public List<Charge> charges() {
        return contents().charges();
    }

    public synchronized LedgerContents contents() {
        return parsed.contents();
    }

    @Override
    public synchronized void close() {
        try (lock) {
            channel.close();
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    /** Replaces the file by its finished lines and a record of the repair, in one step. */
    private static void repair(Path file, LedgerFile.Parsed parsed, Clock clock) throws IOException {
        byte[] record = LedgerFile.repairLine(
                parsed,
                new LedgerContents.Repair(clock.instant(), parsed.contents().tornBytes()));
        ByteBuffer repaired = ByteBuffer.allocate(parsed.completeBytes() + 1 + record.length);
        repaired.put(Files.readAllBytes(file), 0, parsed.completeBytes());
        if (!parsed.endsLine()) {
            repaired.put((byte) '\n');
        }
        repaired.put(record).flip();
        DurableFile.write(file, Arrays.copyOf(repaired.array(), repaired.limit()));
    }

    private static void forceFolder(Path file) throws IOException {
        Path folder = file.getParent();
        if (folder != null) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static UserError unwritable(Path file, IOException e) {
        return new UserError(
                "the privacy ledger " + file + " cannot be written (" + e
                        + "); nothing was charged and nothing is uploaded",
                "free disk space, or make the folder writable for the account that runs the site agent",
                e);
    }
}
