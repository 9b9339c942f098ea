package org.commissure.coordinator.federation;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryNotificationInfo;
import java.lang.management.MemoryPoolMXBean;
import java.util.Optional;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;

/**
 * Collects garbage before the heap grows. The serial collector, which is the smallest, enlarges its old generation as long
 * as the machine has memory, and looks for garbage there only then: with 100 sites 90 MiB of it pile up beside 45 MiB that
 * live. Here the old generation is collected when it holds an eighth, and 6 MiB, more than what lived at the last time:
 * with 200 sites some twenty times a round, for a fifteenth of a second each. With any other collector this does nothing.
 */
final class HeapKeeper implements AutoCloseable {
    private static final long ROOM_BYTES = 6L << 20;
    private static final int ROOM_PART = 8;

    private final Optional<MemoryPoolMXBean> old;
    private final NotificationListener listener = this::exceeded;

    private HeapKeeper(Optional<MemoryPoolMXBean> old) {
        this.old = old;
    }

    static HeapKeeper open() {
        HeapKeeper keeper = new HeapKeeper(ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().equals("Tenured Gen"))
                .findFirst());
        keeper.old.ifPresent(pool -> {
            keeper.emitter().addNotificationListener(keeper.listener, null, null);
            expect(pool);
        });
        return keeper;
    }

    private void exceeded(Notification notification, Object ignored) {
        if (notification.getType().equals(MemoryNotificationInfo.MEMORY_THRESHOLD_EXCEEDED)) {
            old.ifPresent(pool -> {
                System.gc();
                expect(pool);
            });
        }
    }

    private static void expect(MemoryPoolMXBean pool) {
        long lives = pool.getUsage().getUsed();
        pool.setUsageThreshold(lives + lives / ROOM_PART + ROOM_BYTES);
    }

    private NotificationEmitter emitter() {
        return (NotificationEmitter) ManagementFactory.getMemoryMXBean();
    }

    @Override
    public void close() {
        if (old.isPresent()) {
            try {
                emitter().removeNotificationListener(listener);
            } catch (ListenerNotFoundException e) {
                throw new IllegalStateException("it was added when this was opened", e);
            }
        }
    }
}
