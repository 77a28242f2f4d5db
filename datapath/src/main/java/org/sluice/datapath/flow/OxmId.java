package org.sluice.datapath.flow;

/**
 * How a field is named on the wire: class and number, and the experimenter's id where the class is
 * 0xffff.
 *
 * @param oxmClass 16 bits
 * @param number 7 bits
 * @param experimenter 32 bits; 0 outside class 0xffff
 */
public record OxmId(int oxmClass, int number, int experimenter) {
  /** The class whose ids carry an experimenter's number. */
  public static final int EXPERIMENTER_CLASS = 0xffff;

  private static final int NICIRA = 0x0000_2320;
  private static final int ONF = 0x4f4e_4600;
  private static final int NSH = 0x005a_d650;

  static OxmId nxm0(int number) {
    return new OxmId(0, number, 0);
  }

  static OxmId nxm1(int number) {
    return new OxmId(1, number, 0);
  }

  static OxmId basic(int number) {
    return new OxmId(0x8000, number, 0);
  }

  static OxmId registers(int number) {
    return new OxmId(0x8001, number, 0);
  }

  static OxmId ericsson(int number) {
    return new OxmId(0x1000, number, 0);
  }

  static OxmId nicira(int number) {
    return new OxmId(EXPERIMENTER_CLASS, number, NICIRA);
  }

  static OxmId onf(int number) {
    return new OxmId(EXPERIMENTER_CLASS, number, ONF);
  }

  static OxmId nsh(int number) {
    return new OxmId(EXPERIMENTER_CLASS, number, NSH);
  }
}
