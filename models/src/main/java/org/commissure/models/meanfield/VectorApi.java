package org.commissure.models.meanfield;

/** Whether this virtual machine has Java's Vector API. */
public final class VectorApi {
    private VectorApi() {}

    /** The module is incubating: it is there only if the virtual machine was asked for it at its start. */
    public static boolean isPresent() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    }
}
