package org.commissure.protocol.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.nio.file.Path;
import java.util.function.Supplier;

/** The virtual machine, the processor, and the disk of the home. */
final class ProcessMeters implements AutoCloseable {
    private final JvmGcMetrics collections = new JvmGcMetrics();

    ProcessMeters(MeterRegistry registry, Path home) {
        new JvmMemoryMetrics().bindTo(registry);
        collections.bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        // Micrometer's own would name the path, which says where a hospital keeps its data.
        disk(
                registry,
                "commissure.disk.free.bytes",
                "Bytes that may still be written to the home's disk",
                () -> home.toFile().getUsableSpace());
        disk(
                registry,
                "commissure.disk.total.bytes",
                "Size of the home's disk",
                () -> home.toFile().getTotalSpace());
    }

    private static void disk(MeterRegistry registry, String name, String description, Supplier<Number> bytes) {
        Gauge.builder(name, bytes).description(description).register(registry);
    }

    @Override
    public void close() {
        collections.close();
    }
}
