package io.densespark.benchmark.pass;

import io.densespark.benchmark.profile.KernelWork;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What the passes of an iteration had to do: JMH divides it by the iteration's time, and adds up the threads. */
@AuxCounters(AuxCounters.Type.OPERATIONS)
@State(Scope.Thread)
public class PassWork {
    private static final double GIGA = 1e9;

    /** 10^9 bytes of operands, each counted once. */
    public double GB;

    /** As {@link PassWork}, of a pass that multiplies. */
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    @State(Scope.Thread)
    public static class OfProducts {
        public double GB;

        /** 10^9 operations, two for each multiply-add. */
        public double GF;

        void add(Object... operands) {
            KernelWork work = KernelWork.of(operands);
            GB += work.bytes() / GIGA;
            GF += work.flops() / GIGA;
        }
    }

    void add(Object... operands) {
        GB += KernelWork.of(operands).bytes() / GIGA;
    }
}
