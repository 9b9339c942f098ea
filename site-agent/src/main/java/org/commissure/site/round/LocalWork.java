package org.commissure.site.round;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.commissure.privacy.secagg.SecAggException;
import org.commissure.privacy.secagg.SumVerification;
import org.commissure.protocol.logging.LogContext;
import org.commissure.protocol.v1.SumId;
import org.commissure.site.compute.LocalWorkException;
import org.commissure.site.connection.CoordinatorLink;
import org.commissure.site.connection.TransferRefusedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one worker thread: downloads, trains, evaluates and uploads, one sum at a time, while the round
 * thread keeps answering. Methods are called on the round thread; results come back to it as events.
 */
final class LocalWork implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalWork.class);

    private final CoordinatorLink link;
    private final VectorMaker vectors;
    private final Results results;
    private final ExecutorService worker = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("local-work").daemon().factory());
    private @Nullable Running running;

    /** Where events of the worker go; called on the worker. */
    @FunctionalInterface
    interface Results {
        void post(SumId sum, SiteEvent event);
    }

    private record Running(SumId sum, String what, Future<?> future) {}

    private record Deletion(Path file) implements Runnable {
        @Override
        public void run() {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                LOG.warn("{} cannot be deleted: {}", file, e.getMessage());
            }
        }
    }

    private interface Job {
        Optional<SiteEvent> run()
                throws LocalWorkException, TransferRefusedException, IOException, InterruptedException;
    }

    LocalWork(CoordinatorLink link, VectorMaker vectors, Results results) {
        this.link = link;
        this.vectors = vectors;
        this.results = results;
    }

    /**
     * Computes the sum's vector, unless that is going on.
     *
     * @param checkpoint of training, to go on from and to write
     * @param own what the site keeps of the run, and where it is prepared anew
     */
    void startVector(SumInProgress sum, Path checkpoint, Path own, Path pendingOwn) {
        // The worker gets what it needs as values; the sum itself stays on the round thread.
        VectorMaker.Task task = vectors.task(sum, checkpoint, own, pendingOwn);
        start(sum.id(), "vector", () -> Optional.of(new SiteEvent.VectorReady(vectors.make(task))));
    }

    /** Uploads the masked vector, unless that is going on. */
    void startUpload(SumId sum, Path file) {
        start(sum, "upload", () -> {
            try {
                link.upload(sum, file);
                return Optional.of(new SiteEvent.UploadFinished());
            } catch (TransferRefusedException e) {
                // Not the end: if it still wants the vector, it asks again, and if not, it says so.
                LOG.info("{}: {}", SumInProgress.describe(sum), e.getMessage());
                return Optional.empty();
            }
        });
    }

    /** Fetches the released sum and checks it; what comes after waits, and nothing cancels it but the site's end. */
    void startCheck(SumId sum, SumVerification verification) {
        try {
            worker.execute(() -> results.post(sum, checked(sum, verification)));
        } catch (RejectedExecutionException e) {
            LOG.debug("{}: not checked, because the site is stopping", SumInProgress.describe(sum));
        }
    }

    private SiteEvent.SumChecked checked(SumId sum, SumVerification verification) {
        LogContext.clear();
        LogContext.turnTo(sum);
        try {
            verification.check(link.sum(verification.sumSha256(), verification.sumBytes()));
            return new SiteEvent.SumChecked(Optional.empty(), "");
        } catch (SecAggException e) {
            return new SiteEvent.SumChecked(Optional.of(e), "");
        } catch (TransferRefusedException | IOException e) {
            return new SiteEvent.SumChecked(Optional.empty(), "the released sum cannot be had: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new SiteEvent.SumChecked(Optional.empty(), "the site stopped before the sum was checked");
        }
    }

    /** Deletes a file of training as soon as the worker, which may be writing it, is done with it. */
    void forget(Path file) {
        try {
            worker.execute(new Deletion(file));
        } catch (RejectedExecutionException e) {
            LOG.debug("{} stays until the next training, because the site is stopping", file);
        }
    }

    /** Stops the work on a sum that has ended, and deletes its masked vector, its checkpoint and what it prepared. */
    void discard(SumId sum, Path masked, Path checkpoint, Path pendingOwn) {
        if (running != null && running.sum().equals(sum)) {
            running.future().cancel(true);
            running = null;
        }
        try {
            Files.deleteIfExists(masked);
        } catch (IOException e) {
            LOG.warn("the masked vector of {} cannot be deleted: {}", SumInProgress.describe(sum), e.getMessage());
        }
        forget(checkpoint);
        forget(pendingOwn);
    }

    private void start(SumId sum, String what, Job job) {
        if (running != null && !running.future().isDone()) {
            if (running.sum().equals(sum) && running.what().equals(what)) {
                return;
            }
            running.future().cancel(true);
        }
        running = new Running(sum, what, worker.submit(() -> execute(sum, what, job)));
    }

    private void execute(SumId sum, String what, Job job) {
        LogContext.clear();
        LogContext.turnTo(sum);
        try {
            job.run().ifPresent(event -> results.post(sum, event));
        } catch (LocalWorkException | TransferRefusedException e) {
            if (Thread.interrupted()) { // an interrupt closes the file under its reader: that is no failure
                LOG.info("{}: the {} was stopped", SumInProgress.describe(sum), what);
                return;
            }
            LOG.warn("{}: {}", SumInProgress.describe(sum), e.getMessage());
            results.post(sum, new SiteEvent.WorkFailed(String.valueOf(e.getMessage())));
        } catch (ClosedByInterruptException e) {
            LOG.info("{}: the {} was stopped", SumInProgress.describe(sum), what);
        } catch (IOException e) {
            LOG.error("{}: the site's own disk refuses: {}", SumInProgress.describe(sum), e.getMessage());
            results.post(
                    sum, new SiteEvent.WorkFailed("the site's disk is full or not writable; free space at the site"));
        } catch (InterruptedException e) {
            LOG.info("{}: the {} was stopped", SumInProgress.describe(sum), what);
        } catch (RuntimeException | Error e) {
            // An Error too: a future nobody reads would swallow it, and the round would wait in vain.
            LOG.error("{}: the {} failed", SumInProgress.describe(sum), what, e);
            results.post(sum, new SiteEvent.WorkFailed("an unexpected failure at the site; see the site's log"));
        }
    }

    /** Stops the work; training that is not over leaves a checkpoint, that of a sum which has ended leaves none. */
    @Override
    public void close() {
        List<Runnable> waiting = worker.shutdownNow();
        try {
            if (!worker.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.warn("local work did not stop within ten seconds");
            }
            waiting.stream().filter(Deletion.class::isInstance).forEach(Runnable::run);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
