package io.densespark.spark.rank;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.Success$;
import org.apache.spark.TaskEndReason;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.junit.jupiter.api.Test;
import scala.Option;

/** Events as Spark sends them, without a Spark. */
class ExecutorLossesTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    private final ExecutorLosses losses = new ExecutorLosses(null);

    private void end(TaskEndReason reason) {
        losses.onTaskEnd(new SparkListenerTaskEnd(1, 0, "ResultTask", reason, null, null, null));
    }

    private static TaskEndReason lost(boolean byApp) {
        return new ExecutorLostFailure("1", byApp, Option.apply("Executor decommission"));
    }

    @Test
    void executorsThatTheClusterTookAreTheClustersAndEachIsToldOnce() {
        end(lost(false));
        end(lost(false));

        assertThat(losses.wereTheClusters(LONG)).isTrue();
        assertThat(losses.wereTheClusters(Duration.ofMillis(50))).isFalse();
    }

    @Test
    void aCrashCountsWhateverElseWasLost() {
        end(lost(false));
        end(lost(true));

        assertThat(losses.wereTheClusters(LONG)).isFalse();
    }

    @Test
    void sparksWordIsWaitedForAndOtherEndsAreNone() throws Exception {
        end(Success$.MODULE$);
        Thread later = new Thread(() -> {
            try {
                Thread.sleep(200);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            end(lost(false));
        });
        later.start();

        assertThat(losses.wereTheClusters(LONG)).isTrue();
        later.join();
    }
}
