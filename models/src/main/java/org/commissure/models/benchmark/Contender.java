package org.commissure.models.benchmark;

/** What takes turns in a benchmark. */
public enum Contender {
    /** Our engine on the CPU. */
    COMMISSURE("commissure"),
    /** The same, every example's gradient clipped by itself. */
    COMMISSURE_CLIPPED("commissure, clipped"),
    /** libtorch on the CPU with fused attention. */
    LIBTORCH("libtorch"),
    /** OpenBLAS's matrix product on one thread: what this machine can do at best. */
    GEMM("sgemm");

    private final String label;

    Contender(String label) {
        this.label = label;
    }

    /** For people. */
    public String label() {
        return label;
    }
}
