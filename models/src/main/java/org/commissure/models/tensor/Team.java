package org.commissure.models.tensor;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of threads that share one piece of work at a time, the caller among them. A range is always cut at the
 * same places for the same number of threads, so results do not depend on timing. Members wait by spinning for some
 * tens of microseconds, because a training step hands out hundreds of pieces, then sleep.
 *
 * <p>One thread at a time may call {@link #run}; pieces do not nest.
 */
public final class Team implements AutoCloseable {
    private static final int SPINS = 20_000;

    private final Member[] helpers;
    private final AtomicInteger unfinished = new AtomicInteger();
    private volatile int piece;
    private volatile boolean closed;
    private Range task = (from, to, member) -> {};
    private int items;
    private int granule = 1;
    private volatile @Nullable Throwable failure;

    /** Work on one part of a range. */
    @FunctionalInterface
    public interface Range {
        /** @param member which thread this is, in {@code [0, size)}: for scratch memory of one's own */
        void run(int from, int to, int member);
    }

    /** @param threads including the caller's */
    public Team(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads = " + threads + " must be positive");
        }
        helpers = new Member[threads - 1];
        for (int i = 0; i < helpers.length; i++) {
            helpers[i] = new Member(i + 1);
            helpers[i].setDaemon(true);
            helpers[i].start();
        }
    }

    public int size() {
        return helpers.length + 1;
    }

    /**
     * Cuts {@code [0, count)} into one part a member and returns when all are done.
     *
     * @param multiple parts begin at multiples of this
     */
    public void run(int count, int multiple, Range work) {
        if (helpers.length == 0 || count <= multiple) {
            if (count > 0) {
                work.run(0, count, 0);
            }
            return;
        }
        task = work;
        items = count;
        granule = multiple;
        failure = null;
        unfinished.set(helpers.length);
        piece++; // publishes everything above
        for (Member helper : helpers) {
            if (helper.asleep) {
                LockSupport.unpark(helper);
            }
        }
        work(0);
        for (int spins = 0; unfinished.get() > 0; spins++) {
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
        Throwable thrown = failure;
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown != null) {
            throw thrown instanceof RuntimeException e ? e : new IllegalStateException(thrown);
        }
    }

    private void work(int member) {
        int from = boundary(member);
        int to = boundary(member + 1);
        if (from < to) {
            try {
                task.run(from, to, member);
            } catch (Throwable e) {
                failure = e;
            }
        }
    }

    private int boundary(int member) {
        long blocks = (items + (long) granule - 1) / granule;
        return (int) Math.min(items, blocks * member / size() * granule);
    }

    /** Ends the threads; a second call does nothing. */
    @Override
    public void close() {
        closed = true;
        piece++;
        for (Member helper : helpers) {
            LockSupport.unpark(helper);
        }
    }

    private final class Member extends Thread {
        private final int number;
        private volatile boolean asleep;

        private Member(int number) {
            super("commissure-team-" + number);
            this.number = number;
        }

        @Override
        public void run() {
            int done = 0;
            while (true) {
                done = awaitPieceAfter(done);
                if (closed) {
                    return;
                }
                work(number);
                unfinished.decrementAndGet();
            }
        }

        private int awaitPieceAfter(int done) {
            for (int spins = 0; spins < SPINS; spins++) {
                if (piece != done) {
                    return piece;
                }
                Thread.onSpinWait();
            }
            asleep = true;
            while (piece == done) {
                LockSupport.park(this);
            }
            asleep = false;
            return piece;
        }
    }
}
