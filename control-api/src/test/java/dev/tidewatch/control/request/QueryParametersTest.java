package dev.tidewatch.control.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.common.QueryParams;
import dev.tidewatch.control.v1.ListAlertsRequest;
import io.grpc.StatusRuntimeException;
import org.junit.jupiter.api.Test;

class QueryParametersTest {
  @Test
  void whetherSomethingIsSoIsTrueOrFalse() {
    assertThat(read("true").getFilter().getShadow()).isTrue();
    assertThat(read("false").getFilter().getShadow()).isFalse();
    for (String other : new String[] {"", "1", "yes", "TRUE"}) {
      assertThatThrownBy(() -> read(other))
          .as(other)
          .isInstanceOf(StatusRuntimeException.class)
          .hasMessageContaining("true or false");
    }
  }

  private static ListAlertsRequest read(String shadow) {
    ListAlertsRequest.Builder request = ListAlertsRequest.newBuilder();
    QueryParameters.read(QueryParams.of("filter.shadow", shadow), request);
    return request.build();
  }
}
