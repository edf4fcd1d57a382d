package io.densespark.spark.rank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.model.ModelException;
import io.densespark.model.collective.ProcessGroup;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.tensor.Precision;
import io.densespark.spark.JobException;
import io.densespark.spark.resources.ReplicaRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Ranks on threads of this JVM, which sum nothing: no libtorch is loaded. */
class RankStageTest {
    private static final ReplicaRequest REQUEST = ReplicaRequest.training(
            DenseNetSpec.bc(10, 4, 1, 10), new ImageShape(8, 8), 4, List.of(RecomputeLevel.values()), Precision.TF32);

    private static JavaSparkContext sc;

    @BeforeAll
    static void start() {
        sc = new JavaSparkContext(new SparkConf()
                .setMaster("local[3]")
                .setAppName("ranks")
                .set("spark.ui.enabled", "false")
                .set("spark.hadoop.densespark.test.key", "from the driver"));
    }

    @AfterAll
    static void stop() {
        sc.stop();
    }

    private static RankStage stage() {
        return RankStage.of(sc, 3, Connections.within(Duration.ofSeconds(30)), REQUEST);
    }

    /** Work that needs nothing to be closed. */
    private abstract static class Lonely<R> implements RankWork<AutoCloseable, R> {
        @Override
        public AutoCloseable open(Rank rank) throws Exception {
            return () -> {};
        }

        @Override
        public boolean isCollective() {
            return false;
        }
    }

    private static final class Tells extends Lonely<String> {
        @Override
        public String run(AutoCloseable session, Rank rank, ProcessGroup group) {
            return rank.place().rank() + " of " + rank.place().worldSize() + " on " + rank.device() + " with "
                    + rank.replica().level() + ", "
                    + rank.hadoop().get("densespark.test.key");
        }
    }

    private static final class CannotOpen extends Lonely<String> {
        @Override
        public AutoCloseable open(Rank rank) {
            if (rank.place().rank() == 1) {
                throw new ModelException("no replica of this kind: take another");
            }
            return () -> {};
        }

        @Override
        public String run(AutoCloseable session, Rank rank, ProcessGroup group) {
            throw new IllegalStateException("no rank goes on");
        }
    }

    private static final class FailsLater extends Lonely<String> {
        private final boolean mayGoAway;
        private final String storage;

        FailsLater(boolean mayGoAway) {
            this(mayGoAway, "storage is away");
        }

        FailsLater(boolean mayGoAway, String storage) {
            this.mayGoAway = mayGoAway;
            this.storage = storage;
        }

        @Override
        public String run(AutoCloseable session, Rank rank, ProcessGroup group) throws IOException {
            if (rank.place().rank() < 2) {
                return "done";
            }
            if (mayGoAway) {
                throw new IOException(storage);
            }
            throw new JobException("shard 7 is damaged: prepare the data set again");
        }
    }

    @Test
    void ranksGetTheirPlaceTheirReplicaAndTheDriversHadoopConfigurationAndAnswerInOrder() {
        assertThat(stage().run(new Tells()))
                .containsExactly(
                        "0 of 3 on cpu with none, from the driver",
                        "1 of 3 on cpu with none, from the driver",
                        "2 of 3 on cpu with none, from the driver");
    }

    @Test
    void aRankThatCannotStartEndsTheStageBeforeAnyGoesOn() {
        assertThatThrownBy(() -> stage().run(new CannotOpen()))
                .isInstanceOf(JobException.class)
                .hasMessage("rank 1: no replica of this kind: take another");
    }

    @Test
    void aPermanentFailureIsTheStagesAndAPassingOneALostRank() {
        assertThatThrownBy(() -> stage().run(new FailsLater(false)))
                .isInstanceOf(JobException.class)
                .hasMessage("rank 2: shard 7 is damaged: prepare the data set again");
        assertThatThrownBy(() -> stage().run(new FailsLater(true)))
                .isInstanceOf(RanksLostException.class)
                .hasMessageContaining("rank 2")
                .hasMessageContaining("storage is away");
    }

    /** As after the last sum: all have met, one still has something to do. */
    private static final class FailsWhileOthersWait extends Lonely<String> {
        @Override
        public String run(AutoCloseable session, Rank rank, ProcessGroup group) {
            if (rank.place().rank() > 0) {
                BarrierTaskContext.get().barrier();
            }
            throw new JobException("the last checkpoint can't be written");
        }
    }

    @Test
    void ranksThatWaitForOneThatHasFailedAreEnded() {
        RankStage stage = stage();
        assertThatThrownBy(() -> stage.run(new FailsWhileOthersWait()))
                .isInstanceOf(JobException.class)
                .hasMessage("rank 0: the last checkpoint can't be written");
        // Their slots are free again.
        assertThat(stage.run(new Tells())).hasSize(3);
    }

    @Test
    void aDiskThatIsFullDoesNotGoAway() {
        assertThatThrownBy(() -> stage().run(new FailsLater(true, "No space left on device (writing in file:/runs)")))
                .isInstanceOf(JobException.class)
                .hasMessage("rank 2: a file can't be read or written: there is no room left (No space left on device "
                        + "(writing in file:/runs)): make some, or name another place");
    }

    @Test
    void aStageRunsAgain() {
        RankStage stage = stage();
        assertThatThrownBy(() -> stage.run(new FailsLater(true))).isInstanceOf(RanksLostException.class);
        assertThat(stage.run(new Tells())).hasSize(3);
    }
}
