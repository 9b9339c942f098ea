package org.commissure.site.round;

import java.util.concurrent.TimeUnit;
import org.commissure.protocol.v1.Progress;
import org.commissure.protocol.v1.SiteFrame;
import org.commissure.protocol.v1.SumId;
import org.commissure.site.compute.WorkProgress;
import org.commissure.site.connection.CoordinatorLink;

/** Tells the coordinator about once a second how far local work is. Used by the worker only. */
final class ProgressReports implements WorkProgress {
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Coarse on purpose: exact fractions of a cohort would tell its size. */
    private static final double STEP = 0.1;

    private final CoordinatorLink link;
    private final SumId sum;
    private final String activity;
    private long nextNanos = System.nanoTime();

    ProgressReports(CoordinatorLink link, SumId sum, String activity) {
        this.link = link;
        this.sum = sum;
        this.activity = activity;
    }

    @Override
    public void at(double fraction) {
        long now = System.nanoTime();
        if (now - nextNanos < 0) {
            return;
        }
        nextNanos = now + INTERVAL_NANOS;
        link.send(SiteFrame.newBuilder()
                .setProgress(Progress.newBuilder()
                        .setSum(sum)
                        .setActivity(activity)
                        .setFraction(Math.floor(fraction / STEP) * STEP))
                .build());
    }
}
