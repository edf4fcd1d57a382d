package io.densespark.model.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.densespark.model.collective.PeerLostException;
import io.densespark.model.collective.ProcessGroup;
import io.densespark.model.cuda.FakeRanks.Rank;
import io.densespark.model.kernels.Backend;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.DeviceLostException;
import io.densespark.model.tensor.ElementType;
import io.densespark.model.tensor.Storage;
import io.densespark.model.tensor.Vector;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bytedeco.cuda.global.nccl;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ranks as threads with a fake GPU each. */
class NcclGroupTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofSeconds(2);

    /** More than a piece of what the fake sums at once, and no multiple of it. */
    private static final int ELEMENTS = 70_001;

    @BeforeAll
    static void needsTheFake() {
        assumeTrue(FakeCuda.load(), "needs a C++ compiler");
        FakeCuda.set("DEVICES", 4);
    }

    @AfterAll
    static void leaveOneDevice() {
        if (FakeCuda.load()) {
            FakeCuda.set("DEVICES", 1);
        }
    }

    @AfterEach
    void noCallWasMisuse() {
        FakeCuda.set("ASYNC", 0);
        FakeCuda.set("NCCL_ERROR", 0);
        FakeCuda.set("FAIL", "");
        FakeCuda.recover();
        long misuse = FakeCuda.count("misuse");
        FakeCuda.clear();
        assertThat(misuse).isZero();
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "2, 0", "4, 0", "2, 1", "4, 1"})
    void allRanksGetTheBitsOfThePlainSum(int worldSize, int asynchronous) throws Exception {
        FakeCuda.set("ASYNC", asynchronous);
        float[] expected = new float[ELEMENTS];
        for (int rank = 0; rank < worldSize; rank++) {
            float[] values = values(rank);
            for (int i = 0; i < ELEMENTS; i++) {
                expected[i] += values[i];
            }
        }
        Rank<float[]> body = (group, gpu) -> {
            try (Storage storage = gpu.allocate(ElementType.FLOAT, ELEMENTS + 2)) {
                Vector vector = new Vector(storage, 1, ELEMENTS);
                vector.set(values(group.rank()));

                group.sum(vector);

                float[] all = new Vector(storage, 0, ELEMENTS + 2).toFloats();
                assertThat(new float[] {all[0], all[ELEMENTS + 1]}).containsOnly(0);
                return Arrays.copyOfRange(all, 1, ELEMENTS + 1);
            }
        };
        for (Future<float[]> sum : ranks(LONG, worldSize, body)) {
            assertThat(sum.get()).isEqualTo(expected);
        }
    }

    @Test
    void doublesAreSummedOnTheGpuAndInMainMemory() throws Exception {
        Rank<double[]> body = (group, gpu) -> {
            try (Storage storage = gpu.allocate(ElementType.DOUBLE, 2)) {
                storage.write(0, new double[] {group.rank() + 1, 1e-300}, 2);
                Vector vector = new Vector(storage, 0, 2);
                group.sum(vector);
                double[] onGpu = vector.toDoubles();
                double[] inMemory = group.sum(new double[] {group.rank() + 1, 1e-300});
                return new double[] {onGpu[0], onGpu[1], inMemory[0], inMemory[1]};
            }
        };
        for (Future<double[]> sums : ranks(LONG, 2, body)) {
            assertThat(sums.get()).containsExactly(3, 2e-300, 3, 2e-300);
        }
    }

    @Test
    void sumsThatWereBegunTogetherEachFollowThePassesBefore() throws Exception {
        FakeCuda.set("ASYNC", 1);
        Rank<float[]> body = (group, gpu) -> {
            try (Storage storage = gpu.allocate(ElementType.FLOAT, 4L * ELEMENTS)) {
                ProcessGroup.Pending[] pending = new ProcessGroup.Pending[4];
                for (int slice = 3; slice >= 0; slice--) {
                    Vector vector = new Vector(storage, (long) slice * ELEMENTS, ELEMENTS);
                    vector.set(values(10 * slice + group.rank()));
                    gpu.kernels().scale(vector, 2);
                    pending[slice] = group.begin(vector);
                }
                for (int slice = 3; slice >= 0; slice--) {
                    pending[slice].await();
                }
                return new Vector(storage, 0, 4 * ELEMENTS).toFloats();
            }
        };
        for (Future<float[]> sums : ranks(LONG, 2, body)) {
            for (int slice = 0; slice < 4; slice++) {
                float[] one = values(10L * slice);
                float[] other = values(10L * slice + 1);
                for (int i = 0; i < ELEMENTS; i++) {
                    assertThat(sums.get()[slice * ELEMENTS + i]).isEqualTo(2 * one[i] + 2 * other[i]);
                }
            }
        }
    }

    @Test
    void aSilentRankIsNamedAtTheTimeout() {
        CountDownLatch over = new CountDownLatch(3);
        Rank<Void> sums = (group, gpu) -> {
            try {
                return sum(group, gpu);
            } finally {
                over.countDown();
            }
        };
        List<Future<Void>> ranks = new FakeRanks(SHORT).start(sums, sums, silent(over), sums);
        for (int rank : new int[] {0, 1, 3}) {
            assertThatThrownBy(() -> ranks.get(rank).get())
                    .hasRootCauseInstanceOf(PeerLostException.class)
                    .hasMessageFindingMatch("a rank was lost: rank 2 (hasn't come to this sum \\(limit 2 s\\)"
                            + "|didn't come to a sum in time, as another rank has found)");
        }
    }

    @Test
    void aRankThatLeavesIsNamedToAllOthers() {
        List<Future<Void>> ranks = new FakeRanks(LONG).start(this::sum, this::sum, (group, gpu) -> null, this::sum);
        for (int rank : new int[] {0, 1, 3}) {
            assertThatThrownBy(() -> ranks.get(rank).get())
                    .hasRootCauseInstanceOf(PeerLostException.class)
                    .hasMessageContaining("a rank was lost: rank 2 has left the group");
        }
    }

    @Test
    void aCancelledTaskStopsWaitingAndLetsItsPeersGo() {
        FakeRanks two = new FakeRanks(LONG);
        CountDownLatch over = new CountDownLatch(1);
        List<Future<Void>> ranks = two.start(
                (group, gpu) -> {
                    try {
                        two.cancelRankZero();
                        return sum(group, gpu);
                    } finally {
                        over.countDown();
                    }
                },
                (group, gpu) -> {
                    over.await();
                    return sum(group, gpu);
                });
        assertThatThrownBy(() -> ranks.get(0).get())
                .hasRootCauseInstanceOf(PeerLostException.class)
                .hasMessageContaining("asked to stop");
        assertThatThrownBy(() -> ranks.get(1).get())
                .hasRootCauseInstanceOf(PeerLostException.class)
                .hasMessageContaining("rank 0 has left");
    }

    @Test
    void anErrorOfTheNetworkIsALostPeerAndAnotherOneIsNot() {
        for (int error : new int[] {nccl.ncclRemoteError, nccl.ncclUnhandledCudaError}) {
            Rank<Void> body = (group, gpu) -> {
                // Not before both have joined.
                group.sum(new double[] {1});
                FakeCuda.set("NCCL_ERROR", error);
                return sum(group, gpu);
            };
            List<Future<Void>> ranks = new FakeRanks(LONG).start(body);
            boolean isPeers = error == nccl.ncclRemoteError;
            assertThatThrownBy(() -> ranks.get(0).get())
                    .hasRootCauseInstanceOf(isPeers ? PeerLostException.class : DeviceLostException.class)
                    .hasMessageContaining(isPeers ? "NCCL says 6" : "NCCL failed at summing over ranks (1");
            FakeCuda.set("NCCL_ERROR", 0);
        }
    }

    @Test
    void aGpuThatFailsInASumIsNoLostPeer() {
        Rank<Void> body = (group, gpu) -> {
            FakeCuda.set("FAIL", "ncclAllReduce");
            return sum(group, gpu);
        };
        List<Future<Void>> ranks = new FakeRanks(LONG).start(body);
        assertThatThrownBy(() -> ranks.get(0).get())
                .hasRootCauseInstanceOf(DeviceLostException.class)
                .hasMessageContaining("cudaErrorLaunchFailure");
        FakeCuda.clear();
    }

    @Test
    void twoRanksOnOneGpuAreRefused() throws Exception {
        FakeRanks ranks = new FakeRanks(LONG);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        Future<Void> other = thread.submit(
                () -> FakeRanks.connect(ranks.address(), 1, 2, Device.cuda(0), LONG, (group, gpu) -> null));
        thread.shutdown();
        assertThatThrownBy(() -> ranks.serve(2, (group, gpu) -> null))
                .isInstanceOf(CudaException.class)
                .hasMessageContaining("NCCL failed at")
                .hasMessageContaining("(5: invalid usage");
        assertThatThrownBy(other::get).hasRootCauseInstanceOf(CudaException.class);
        FakeCuda.clear();
    }

    @Test
    void aGroupThatHasFailedTakesNoFurtherCalls() {
        List<Future<Void>> ranks = new FakeRanks(LONG)
                .start(
                        (group, gpu) -> {
                            assertThatThrownBy(() -> sum(group, gpu)).isInstanceOf(PeerLostException.class);
                            return sum(group, gpu);
                        },
                        (group, gpu) -> null);
        assertThatThrownBy(() -> ranks.get(0).get()).hasRootCauseInstanceOf(IllegalStateException.class);
    }

    private static Rank<Void> silent(CountDownLatch over) {
        return (group, gpu) -> {
            over.await();
            return null;
        };
    }

    private Void sum(ProcessGroup group, Backend gpu) {
        try (Storage storage = gpu.allocate(ElementType.FLOAT, 3)) {
            group.sum(new Vector(storage, 0, 3));
            return null;
        }
    }

    private static <T> List<Future<T>> ranks(Duration timeout, int worldSize, Rank<T> body) {
        @SuppressWarnings({"unchecked", "rawtypes"})
        Rank<T>[] ranks = new Rank[worldSize];
        Arrays.fill(ranks, body);
        return new FakeRanks(timeout).start(ranks);
    }

    private static float[] values(long seed) {
        Random random = new Random(seed);
        float[] values = new float[ELEMENTS];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
