package org.commissure.spark;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * A real standalone master and its workers on loopback, each its own virtual machine, as a hospital has them: their class
 * path is a Spark installation's {@code jars} folder, which holds nothing of ours.
 */
final class StandaloneCluster implements AutoCloseable {
    private static final int START_SECONDS = 120;

    private final Path folder;
    private final int port;
    private final List<Process> processes = new ArrayList<>();

    private StandaloneCluster(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    /** @param folder empty */
    static StandaloneCluster start(Path folder, int workers) throws IOException, InterruptedException {
        StandaloneCluster cluster = new StandaloneCluster(folder, freePort());
        Path jars = Files.createDirectories(folder.resolve("spark/jars"));
        for (Path jar : sparkJars()) {
            Files.createSymbolicLink(jars.resolve(jar.getFileName()), jar);
        }
        try {
            cluster.launch("master", "master.Master", "--port", Integer.toString(cluster.port));
            for (int worker = 0; worker < workers; worker++) {
                String work = folder.resolve("work" + worker).toString();
                cluster.launch(
                        "worker" + worker,
                        "worker.Worker",
                        "--cores",
                        "1",
                        "--memory",
                        "1g",
                        "--work-dir",
                        work,
                        cluster.master());
            }
            cluster.awaitWorkers(workers);
            return cluster;
        } catch (IOException | InterruptedException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /** Of this process's class path, without what is ours. */
    private static List<Path> sparkJars() {
        return Stream.of(System.getProperty("java.class.path", "").split(File.pathSeparator, -1))
                .filter(entry -> entry.endsWith(".jar"))
                .map(Path::of)
                .filter(jar -> !jar.getFileName().toString().startsWith("models-"))
                .toList();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    String master() {
        return "spark://127.0.0.1:" + port;
    }

    private void launch(String name, String main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(java());
        command.addAll(List.of(
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-Dlog4j2.configurationFile="
                        + Path.of("src/test/resources/cluster-log4j2.properties")
                                .toAbsolutePath(),
                "-cp",
                folder.resolve("spark/jars") + "/*",
                "org.apache.spark.deploy." + main,
                "--host",
                "127.0.0.1",
                "--webui-port",
                "0"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile());
        Map<String, String> environment = builder.environment();
        environment.put("SPARK_LOCAL_IP", "127.0.0.1");
        environment.put("SPARK_SCALA_VERSION", "2.13"); // as an installation's start scripts do
        environment.put("SPARK_HOME", folder.resolve("spark").toString());
        environment.put("JAVA_HOME", System.getProperty("java.home", ""));
        processes.add(builder.start());
    }

    /** This Java with the module options that Spark needs. */
    static List<String> java() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home", ""), "bin", "java").toString());
        command.addAll(JavaModuleOptions.defaultModuleOptions()
                .trim()
                .lines()
                .flatMap(line -> Stream.of(line.split(" +", -1)))
                .toList());
        return command;
    }

    private void awaitWorkers(int workers) throws IOException, InterruptedException {
        Path log = folder.resolve("master.log");
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS); ; Thread.sleep(200)) {
            if (Files.readString(log).split("Registering worker", -1).length > workers) {
                return;
            }
            if (processes.stream().anyMatch(process -> !process.isAlive()) || System.nanoTime() > end) {
                throw new IllegalStateException("the cluster did not start:\n" + logs());
            }
        }
    }

    /** Everything that master, workers and executors wrote. */
    String logs() {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(".log") || file.endsWith("stderr"))
                    .toList()) {
                all.append("== ").append(file).append('\n').append(Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all.toString();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        for (Process process : processes.reversed()) { // workers first: they end their executors
            process.destroy();
        }
        for (Process process : processes) {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        }
        try (Stream<Path> links = Files.list(folder.resolve("spark/jars"))) {
            for (Path link : links.toList()) {
                Files.delete(link); // a temporary folder's clean-up would warn of each
            }
        }
    }
}
