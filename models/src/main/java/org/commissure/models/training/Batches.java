package org.commissure.models.training;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.commissure.models.brainlm.Example;
import org.commissure.models.brainlm.ModelConfiguration;

/**
 * The batches of a run in order, the next ones prepared in the background. An epoch goes through all patients once in an
 * order of its own, one window each; the patients that do not fill a last batch wait for the next epoch, so that no batch
 * holds a patient twice unless it is larger than the cohort. What a batch holds depends on the plan and its step only.
 */
final class Batches implements AutoCloseable {
    /** One is being trained on; more than two waiting would only take memory. */
    private static final int WAITING = 2;

    private final List<? extends Scan> scans;
    private final TrainingPlan plan;
    private final Windows windows;
    private final BlockingQueue<Item> queue = new ArrayBlockingQueue<>(WAITING);
    private final Thread thread;
    private long orderedEpoch = -1;
    private int[] order = {};

    /** @param scans place in the list of scans, one per example */
    @SuppressWarnings("ArrayRecordComponent") // for a message; never compared
    record Batch(List<Example> examples, int[] scans) {}

    private sealed interface Item {}

    private record Ready(Batch batch) implements Item {}

    private record Failed(Throwable cause) implements Item {}

    /** Starts to prepare batches from {@code firstStep} on. */
    Batches(ModelConfiguration configuration, List<? extends Scan> scans, TrainingPlan plan, long firstStep) {
        this.scans = scans;
        this.plan = plan;
        this.windows = new Windows(configuration, plan.masking(), plan.minimumFrames());
        this.thread = Thread.ofVirtual().name("window-preparation").start(() -> prepareFrom(firstStep));
    }

    /** The next step's batch; waits for it if need be. */
    Batch next() throws ScanException, InterruptedException {
        Item item = queue.take();
        if (item instanceof Ready ready) {
            return ready.batch();
        }
        Throwable cause = ((Failed) item).cause();
        if (cause instanceof ScanException e) {
            throw e;
        }
        throw new IllegalStateException("preparing windows failed: " + cause.getMessage(), cause);
    }

    private void prepareFrom(long firstStep) {
        try {
            try {
                for (long step = firstStep; step < plan.steps(); step++) {
                    queue.put(new Ready(batch(step)));
                }
            } catch (ScanException | RuntimeException | Error e) {
                queue.put(new Failed(e)); // told to whoever trains; it must not wait for ever
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed: nobody waits any more
        }
    }

    private Batch batch(long step) throws ScanException, InterruptedException {
        List<Example> examples = new ArrayList<>(plan.batchSize());
        int[] chosen = new int[plan.batchSize()];
        int stepsPerEpoch = TrainingPlan.stepsPerEpoch(scans.size(), plan.batchSize());
        int first = (int) (step % stepsPerEpoch) * plan.batchSize();
        orderFor(step / stepsPerEpoch);
        for (int i = 0; i < plan.batchSize(); i++) {
            int index = order[(first + i) % scans.size()];
            chosen[i] = index;
            examples.add(window(index, Streams.of(plan.seed(), Streams.Purpose.WINDOW, step, i)));
        }
        return new Batch(examples, chosen);
    }

    /** One window of a patient: any place in any of the scans is as likely. */
    private Example window(int index, RandomGenerator random) throws ScanException, InterruptedException {
        List<Scan> ofThePatient = scans.get(index).ofThePatient();
        int start =
                random.nextInt(ofThePatient.stream().mapToInt(windows::starts).sum());
        int at = 0;
        for (; start >= windows.starts(ofThePatient.get(at)); at++) {
            start -= windows.starts(ofThePatient.get(at));
        }
        Scan scan = ofThePatient.get(at);
        return windows.cut(index, scan, Windows.load(index, scan), start, random);
    }

    private void orderFor(long epoch) {
        if (epoch == orderedEpoch) {
            return;
        }
        order = IntStream.range(0, scans.size()).toArray();
        RandomGenerator random = Streams.of(plan.seed(), Streams.Purpose.ORDER, epoch);
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
        orderedEpoch = epoch;
    }

    /** Stops the background thread and waits for it. */
    @Override
    public void close() {
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
