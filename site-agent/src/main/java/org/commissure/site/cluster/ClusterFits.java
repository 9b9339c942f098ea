package org.commissure.site.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.commissure.models.meanfield.cluster.IndividualWork;
import org.commissure.models.meanfield.cluster.JobFolder;
import org.commissure.models.meanfield.fit.IndividualFits;
import org.commissure.models.meanfield.fit.SubjectTask;

/**
 * The subjects of a cohort as a job on a cluster. What leaves this process is a task for each subject without a
 * result, under a number; who has which number is known here only, and is the same for the same cohort and results, so
 * that a stopped job goes on.
 */
public final class ClusterFits {
    private final List<SubjectTask> tasks;
    private final Path out;
    private final Path folder;
    private final List<IndividualFits.Ended> before = new ArrayList<>();
    private final List<SubjectTask> open = new ArrayList<>();

    /**
     * @param tasks named by subject
     * @param out where results of subjects are, readable by their owner
     * @param folder of the job, which the workers see under the same path
     */
    public ClusterFits(List<SubjectTask> tasks, Path out, Path folder) throws IOException {
        this.tasks = tasks;
        this.out = out;
        this.folder = folder;
        for (SubjectTask task : tasks) {
            var kept = IndividualFits.kept(task, out);
            if (kept.isPresent()) {
                before.add(new IndividualFits.Ended(task.subject(), kept, "", true));
            } else {
                open.add(task);
            }
        }
    }

    /** Writes the tasks of the subjects without a result; results of a job that was stopped stay. */
    public JobFolder write() throws IOException {
        List<byte[]> anonymous = new ArrayList<>();
        for (int i = 0; i < open.size(); i++) {
            anonymous.add(IndividualWork.written(open.get(i).named(String.format(Locale.ROOT, "%06d", i))));
        }
        JobFolder job = new JobFolder(folder);
        job.write(anonymous);
        return job;
    }

    /** Subjects without a result when this began. */
    public int open() {
        return open.size();
    }

    /** Moves results to their subjects, and says of each subject how it ended. */
    public List<IndividualFits.Ended> collect() throws IOException {
        JobFolder job = new JobFolder(folder);
        List<IndividualFits.Ended> ended = new ArrayList<>(before);
        for (int i = 0; i < open.size(); i++) {
            SubjectTask task = open.get(i);
            Optional<byte[]> result = job.resultOf(i);
            if (result.isPresent()) {
                var named = IndividualWork.read(result.get()).named(task.subject());
                IndividualFits.keep(task, named, out);
                ended.add(new IndividualFits.Ended(task.subject(), Optional.of(named), "", false));
            } else {
                String reason = job.failureOf(i).orElse("the cluster did not come to this subject; start it again");
                ended.add(new IndividualFits.Ended(task.subject(), Optional.empty(), reason, false));
            }
        }
        return ended;
    }

    /** Removes the job's copies of patients' connectivity. */
    public void delete() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** All subjects, those with results too. */
    public int subjects() {
        return tasks.size();
    }
}
