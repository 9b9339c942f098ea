package org.commissure.site.receipt;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.CoordinatorFrame;
import org.commissure.protocol.v1.SiteFrame;
import org.commissure.protocol.v1.SumId;
import org.commissure.protocol.v1.SumReceipt;
import org.commissure.site.connection.CoordinatorLink;
import org.commissure.site.connection.FrameListener;
import org.commissure.site.storage.SumRow;
import org.commissure.site.storage.SumStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the coordinator for the receipt of every released sum until it is here, on a thread of its own, and hands every
 * other frame on. What is missing follows from the site's database and its folder of receipts alone, so that nothing
 * is lost by a crash. A sum whose receipt the coordinator cannot give, such as one that the site's vector reached too late, is
 * asked for a few times after each connection.
 */
public final class ReceiptListener implements FrameListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReceiptListener.class);
    private static final int LOOK_BACK = 20;
    private static final int LAST_INTERVAL = 128;
    private static final int INTERVAL_SECONDS = 2;

    private final FrameListener next;
    private final ReceiptBox box;
    private final SumStore sums;
    private final CoordinatorLink link;
    private final Map<SumId, Integer> asked = new HashMap<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("receipts").daemon().factory());

    /** @param next who receives everything else */
    public ReceiptListener(FrameListener next, ReceiptBox box, SumStore sums, CoordinatorLink link) {
        this.next = next;
        this.box = box;
        this.sums = sums;
        this.link = link;
        var unused =
                thread.scheduleWithFixedDelay(guarded(this::ask), INTERVAL_SECONDS, INTERVAL_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void connected() {
        next.connected();
        queue(asked::clear);
    }

    @Override
    public void received(CoordinatorFrame frame) {
        if (frame.hasSumReceipt()) {
            queue(() -> keep(frame.getSumReceipt()));
        } else {
            next.received(frame);
        }
    }

    private void ask() {
        for (SumRow row : sums.newest(LOOK_BACK)) {
            if (row.phase().equals("released")
                    && !box.has(row.sum())
                    && isDue(asked.merge(row.sum(), 1, Integer::sum))) {
                link.send(SiteFrame.newBuilder().setReceiptRequest(row.sum()).build());
            }
        }
    }

    /** After 1, 2, 4 … intervals: the log lags a little, and a sum that this site is not in would be asked for ever. */
    private static boolean isDue(int intervals) {
        return Integer.bitCount(intervals) == 1 && intervals <= LAST_INTERVAL;
    }

    private void keep(SumReceipt receipt) {
        if (box.has(receipt.getSum())) {
            return;
        }
        Optional<String> problem =
                box.keep(receipt.getSum(), receipt.getBundle().toByteArray());
        if (problem.isPresent()) {
            LOG.warn(
                    "the coordinator's receipt for run {} round {} proves nothing: {}",
                    receipt.getSum().getRunId(),
                    receipt.getSum().getRound(),
                    problem.get());
        }
    }

    private void queue(Runnable step) {
        try {
            thread.execute(guarded(step));
        } catch (RejectedExecutionException e) {
            LOG.debug("a receipt came during shutdown; it is asked for again");
        }
    }

    private static Runnable guarded(Runnable step) {
        return () -> {
            try {
                step.run();
            } catch (UserError e) {
                LOG.error("a receipt cannot be kept: {}; remedy: {}", e.getMessage(), e.remedy());
            } catch (RuntimeException e) {
                LOG.error("a receipt cannot be kept", e);
            }
        };
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
