package org.sluice.base.jsonrpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonRpcMessageTest {
  private static JsonNode json(String text) throws IOException {
    return new ObjectMapper().readTree(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "request      | {'method':'echo','params':[1],'id':7}",
        "notification | {'method':'update','params':[],'id':null}",
        "reply        | {'result':{},'error':null,'id':'x'}",
        "error        | {'result':null,'error':'no','id':7}",
      })
  void shouldComeBackWhenWrittenAndRead(String kind, String text) throws Exception {
    JsonNode json = json(text.replace('\'', '"'));
    JsonRpcMessage message = JsonRpcMessage.fromJson(json);
    assertEquals(kind, message.kind());
    assertEquals(json.toString(), message.toJson().toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[1]                                           | message is not a JSON object",
        "{'method':5}                                  | method is not a JSON string",
        "{'method':'a','params':{},'id':1}             | 'params' must be JSON array",
        "{'method':'a','params':[],'id':1,'color':1}   | message has unexpected member 'color'",
        "{'method':'a','id':1}                         | request must have 'params'",
        "{'params':[],'id':1}                          | request must have 'method'",
        "{'method':'a'}                                | notification must have 'params'",
        "{}                                            | notification must have 'method'",
        "{'result':1,'error':null}                     | reply must have 'id'",
        "{'result':1,'error':2,'id':1}                 | reply must not have 'error'",
        "{'method':'a','result':1,'error':null,'id':1} | reply must not have 'method'",
        "{'error':1,'params':[],'id':1}                | error must not have 'params'",
      })
  void shouldSayWhatIsWrongWhenMembersDoNotFit(String text, String error) throws Exception {
    JsonNode json = json(text.replace('\'', '"'));
    JsonRpcException e = assertThrows(JsonRpcException.class, () -> JsonRpcMessage.fromJson(json));
    assertEquals(error.replace('\'', '"'), e.getMessage());
  }

  @Test
  void shouldTakeNullForAbsentWhenMethodIsMissing() throws Exception {
    JsonNode json = json("{\"params\":null,\"result\":0,\"error\":null,\"id\":0}");
    assertEquals("reply", JsonRpcMessage.fromJson(json).kind());
  }

  @Test
  void shouldComplainInOneLineWhenAMemberIsNamedInTwo() throws Exception {
    JsonNode json = json("{\"method\":\"a\",\"pa\\nms\":[],\"id\":1}");
    JsonRpcException e = assertThrows(JsonRpcException.class, () -> JsonRpcMessage.fromJson(json));
    assertEquals("message has unexpected member \"pa\\nms\"", e.getMessage());
  }
}
