package org.commissure.spark;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.commissure.models.meanfield.cluster.JobFolder;

/**
 * The driver: does every unfinished task of a job folder on the cluster that {@code -Dspark.master} names, and prints
 * {@code progress TASKS DONE FAILED} each second. Settings of Spark are system properties whose names begin with
 * {@code spark.}. Exit status: 0 every task has a result or a reason; 2 usage; 3 the cluster or the folder failed, with
 * the reason on standard error.
 */
public final class SparkJob {
    private static final int USAGE = 2;
    private static final int FAILED = 3;

    private SparkJob() {}

    @SuppressWarnings("SystemExitOutsideMain") // this is main; Error Prone looks for another shape
    public static void main(String[] arguments) {
        if (arguments.length != 1) {
            System.err.println("error: usage: SparkJob FOLDER");
            System.exit(USAGE);
        }
        System.exit(run(Path.of(arguments[0]).toAbsolutePath(), System.out, System.err));
    }

    static int run(Path folder, PrintStream out, PrintStream err) {
        try {
            JobFolder job = new JobFolder(folder);
            List<Integer> tasks = job.unfinished();
            report(job, out);
            if (!tasks.isEmpty()) {
                onCluster(folder, job, tasks, out);
            }
            return 0;
        } catch (ExecutionException e) {
            err.println("error: Spark gave up: " + reason(e));
        } catch (IOException e) {
            err.println("error: the job folder cannot be used: " + e);
        } catch (InterruptedException e) {
            err.println("error: stopped");
        } catch (RuntimeException e) {
            err.println("error: Spark cannot start: " + e.getMessage());
        }
        return FAILED;
    }

    private static void onCluster(Path folder, JobFolder job, List<Integer> tasks, PrintStream out)
            throws IOException, InterruptedException, ExecutionException {
        SparkConf settings = new SparkConf()
                .setIfMissing("spark.app.name", "commissure regional fits")
                .set("spark.ui.enabled", "false") // listens nowhere without need
                .set("spark.ui.showConsoleProgress", "false");
        try (JavaSparkContext spark = new JavaSparkContext(settings)) {
            Future<Void> all = spark.parallelize(tasks, tasks.size()).foreachAsync(new FitTask(folder));
            while (!ended(all)) {
                report(job, out);
            }
            report(job, out);
            all.get();
        }
    }

    private static boolean ended(Future<Void> all) throws InterruptedException {
        try {
            all.get(1, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return true;
        }
    }

    private static void report(JobFolder job, PrintStream out) throws IOException {
        JobFolder.Progress progress = job.progress();
        out.println("progress " + progress.tasks() + " " + progress.done() + " " + progress.failed());
        out.flush();
    }

    /** The first line that says something: Spark repeats the executor's whole stack trace. */
    private static String reason(ExecutionException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse("no reason given");
    }
}
