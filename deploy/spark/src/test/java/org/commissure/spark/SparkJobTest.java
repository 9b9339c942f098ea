package org.commissure.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.commissure.models.meanfield.Bold;
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.Haemodynamics;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.cluster.IndividualWork;
import org.commissure.models.meanfield.cluster.JobFolder;
import org.commissure.models.meanfield.fit.SubjectTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fits on a real cluster of one master and two workers. */
final class SparkJobTest {
    private static final int REGIONS = 9;
    private static final String PATIENT = "sub-0042";

    @TempDir
    private Path folder = Path.of("");

    @Test
    void aClusterFitsEverySubjectSaysWhyOneFailedAndNamesNobody() throws Exception {
        Path jobFolder = folder.resolve("job");
        JobFolder job = new JobFolder(jobFolder);
        job.write(List.of(task(1), task(2), "{\"subject\":\"sub-0042\"".getBytes(StandardCharsets.UTF_8), task(3)));
        String said;
        try (StandaloneCluster cluster =
                StandaloneCluster.start(Files.createDirectories(folder.resolve("cluster")), 2)) {
            Path log = folder.resolve("driver.log");
            Process driver = driver(cluster, jobFolder, log);
            boolean ended = driver.waitFor(300, TimeUnit.SECONDS);
            driver.destroyForcibly().waitFor();
            said = Files.readString(log) + cluster.logs();
            assertThat(ended).as(said).isTrue();
            assertThat(driver.exitValue()).as(said).isZero();
        }
        assertThat(job.unfinished()).as(said).containsExactly(2);
        assertThat(job.failureOf(2)).contains("the task's file is damaged, or of another version");
        assertThat(job.resultOf(3)).hasValue(new IndividualWork().fit(task(3)));
        assertThat(said).contains("progress 4 3 1").doesNotContain(PATIENT);
    }

    private Process driver(StandaloneCluster cluster, Path jobFolder, Path log) throws IOException {
        List<String> command = new ArrayList<>(StandaloneCluster.java());
        command.addAll(List.of(
                "-Xmx512m",
                "-Dspark.master=" + cluster.master(),
                "-Dspark.driver.host=127.0.0.1",
                "-Dspark.executor.memory=512m",
                "-Dspark.jars=" + packed(SparkJob.class, "job") + "," + packed(JobFolder.class, "models"),
                "-cp",
                System.getProperty("java.class.path", ""),
                SparkJob.class.getName(),
                jobFolder.toString()));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        return builder.start();
    }

    /** The jar of a class, made here where the build has not made it yet. */
    private Path packed(Class<?> of, String name) throws IOException {
        Path where =
                Path.of(of.getProtectionDomain().getCodeSource().getLocation().getPath());
        if (!Files.isDirectory(where)) {
            return where;
        }
        Path jar = folder.resolve(name + ".jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(where)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(where.relativize(file).toString().replace(File.separatorChar, '/')));
                Files.copy(file, out);
            }
        }
        return jar;
    }

    private static byte[] task(long seed) {
        Random random = new Random(seed);
        double[] values = new double[60 * REGIONS];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextGaussian();
        }
        return IndividualWork.written(SubjectTask.of(
                PATIENT,
                new Bold(60, REGIONS, values),
                2,
                ring(),
                RegionalParameters.homogeneous(REGIONS, .5, .3, 1, .003),
                new SubjectTask.Settings(Haemodynamics.WANG_2018, 2, .05, seed)));
    }

    private static Connectome ring() {
        double[][] weights = new double[REGIONS][REGIONS];
        for (int region = 0; region < REGIONS; region++) {
            int next = (region + 1) % REGIONS;
            weights[region][next] = region + 1;
            weights[next][region] = region + 1;
        }
        return Connectome.scaling(weights);
    }

    @Test
    void aFolderThatIsNoJobIsAnErrorWithItsName() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exit = SparkJob.run(
                folder.resolve("nowhere"),
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        assertThat(exit).isEqualTo(3);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("job folder cannot be used", "nowhere");
    }
}
