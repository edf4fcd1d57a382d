package io.densespark.benchmark.replica;

import io.densespark.model.tensor.Precision;

/**
 * One thing that was checked on a GPU.
 *
 * @param network in words
 * @param precision of the GPU's replica
 * @param what was compared, in words
 * @param found how far it is off
 * @param most how far it may be off
 */
record GpuFinding(String network, Precision precision, String what, double found, double most) {
    /** Written so that what isn't a number fails. */
    public boolean isPassed() {
        return found <= most;
    }

    @Override
    public String toString() {
        return network + " in " + precision + ", " + what + ": " + found + ", at most " + most;
    }
}
