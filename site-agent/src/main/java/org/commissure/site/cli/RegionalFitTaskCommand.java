package org.commissure.site.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.commissure.models.meanfield.cluster.IndividualWork;
import org.commissure.models.meanfield.cluster.JobFolder;
import org.commissure.protocol.UserError;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What a batch system's job runs. */
@Command(
        name = "fit-task",
        mixinStandardHelpOptions = true,
        description = {
            "Do one task, or several in a row, of a job folder that 'fit-individuals --cluster slurm' wrote; its batch script"
                    + " runs this. The result, or the reason why there is none, is written into the folder; nothing else is"
                    + " printed. A task with a result is not done again."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:every task has a result or a reason", "2:usage", "3:the folder cannot be used, or stopped"},
        footer = {"", "Example:", "  commissure site regional fit-task --job-folder /shared/job --task 0"})
final class RegionalFitTaskCommand implements Callable<Integer> {
    @Option(names = "--job-folder", required = true, paramLabel = "FOLDER", description = "with tasks in it")
    private Path folder = Path.of("");

    @Option(names = "--task", required = true, paramLabel = "N", description = "the first task, from 0")
    private int task;

    @Option(names = "--count", paramLabel = "N", description = "how many tasks (default: ${DEFAULT-VALUE})")
    private int count = 1;

    @Override
    public Integer call() {
        JobFolder job = new JobFolder(folder);
        try {
            int tasks = job.tasks();
            if (task < 0 || task >= tasks || count < 1) {
                throw new UserError(
                        "--task " + task + " with --count " + count + " is not in " + folder + ", which has " + tasks
                                + " tasks",
                        "submit the script that is in the folder");
            }
            for (int next = task; next < Math.min(tasks, task + count); next++) {
                if (job.resultOf(next).isEmpty()) {
                    job.run(next, new IndividualWork());
                }
            }
        } catch (IOException e) {
            throw new UserError(
                    "cannot use the job folder " + folder + ": " + e.getClass().getSimpleName(),
                    "check that this machine sees it and may write to it",
                    e);
        } catch (InterruptedException e) {
            throw new UserError("the task was stopped", "submit the script again", e);
        }
        return 0;
    }
}
