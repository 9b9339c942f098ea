package org.commissure.spark;

import java.nio.file.Path;
import org.apache.spark.api.java.function.VoidFunction;
import org.commissure.models.meanfield.cluster.IndividualWork;
import org.commissure.models.meanfield.cluster.JobFolder;

/** One task of a {@link JobFolder} on whatever machine Spark chose; results go into the folder, not to the driver. */
final class FitTask implements VoidFunction<Integer> {
    private static final long serialVersionUID = 1L;

    private final String folder;

    FitTask(Path folder) {
        this.folder = folder.toString();
    }

    @Override
    public void call(Integer task) throws Exception {
        new JobFolder(Path.of(folder)).run(task, new IndividualWork());
    }
}
