package org.commissure.models.meanfield.fit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Many {@link IndividualFit}s on the cores of one machine, each result in a file of its own that only its owner may read.
 * A result that is there already, of the same task, is not computed again.
 */
public final class IndividualFits {
    private static final ObjectMapper JSON = new ObjectMapper();

    private IndividualFits() {}

    /**
     * One subject's end.
     *
     * @param result absent where the model cannot be simulated for this subject
     * @param problem why, or empty
     * @param kept the result was there already
     */
    public record Ended(String subject, Optional<SubjectResult> result, String problem, boolean kept) {}

    /**
     * @param folder exists; SUBJECT.json is written there
     * @param jobs subjects at a time, one core each
     * @return in the order of the tasks
     * @throws FitCheckpointException if a subject's file there is damaged, or of another task
     */
    public static List<Ended> run(List<SubjectTask> tasks, Path folder, int jobs, FitListener listener)
            throws IOException, InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(jobs);
        try {
            Progress progress = new Progress(tasks.size(), listener);
            List<Callable<Ended>> calls = new ArrayList<>();
            for (SubjectTask task : tasks) {
                calls.add(() -> progress.ended(one(task, folder)));
            }
            List<Ended> ended = new ArrayList<>();
            for (Future<Ended> done : pool.invokeAll(calls)) {
                ended.add(done.get());
            }
            return ended;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IllegalStateException("an individual fit failed", e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    private static Ended one(SubjectTask task, Path folder) throws IOException, InterruptedException {
        Optional<SubjectResult> kept = kept(task, folder);
        if (kept.isPresent()) {
            return new Ended(task.subject(), kept, "", true);
        }
        try {
            SubjectResult result = IndividualFit.fit(task);
            keep(task, result, folder);
            return new Ended(task.subject(), Optional.of(result), "", false);
        } catch (ArithmeticException | IllegalArgumentException e) {
            return new Ended(task.subject(), Optional.empty(), String.valueOf(e.getMessage()), false);
        }
    }

    /**
     * The result of a task that is in the folder already.
     *
     * @throws FitCheckpointException if the subject's file there is damaged, or of another task
     */
    public static Optional<SubjectResult> kept(SubjectTask task, Path folder) throws IOException {
        return file(task, folder).read();
    }

    /** Puts a task's result into the folder. */
    public static void keep(SubjectTask task, SubjectResult result, Path folder) throws IOException {
        file(task, folder).write(result);
    }

    private static FitCheckpoint<SubjectResult> file(SubjectTask task, Path folder) {
        return new FitCheckpoint<>(
                folder.resolve(task.subject() + ".json"), "individual fit", fingerprint(task), SubjectResult.class);
    }

    /** Changes with the subject's data, the prior and the settings. */
    public static String fingerprint(SubjectTask task) {
        try {
            return new Fingerprint().add(JSON.writeValueAsString(task)).hex();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a task is numbers and names", e);
        }
    }

    /** Counts; the lowest cost is left out, because it would be one patient's. */
    private static final class Progress {
        private final int total;
        private final FitListener listener;
        private final long begin = System.nanoTime();
        private int done;
        private int computed;

        Progress(int total, FitListener listener) {
            this.total = total;
            this.listener = listener;
        }

        synchronized Ended ended(Ended one) {
            done++;
            if (!one.kept()) {
                computed++;
            }
            listener.progressed(new FitProgress(
                    "subjects",
                    done,
                    total,
                    Double.NaN,
                    FitProgress.left(System.nanoTime() - begin, computed, total - done)));
            return one;
        }
    }
}
