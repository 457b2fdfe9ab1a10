use super::*;
use proptest::prelude::*;

fn exact(text: &str) -> Exact {
    Exact::parse(text).unwrap()
}

#[test]
fn reads_digits_exactly_and_refuses_the_rest() {
    for (text, shown) in [
        ("0", "0"),
        ("-0", "0"),
        ("1.10", "1.1"),
        ("1e3", "1000"),
        ("1.5E-2", "0.015"),
        ("-12.340", "-12.34"),
        ("0.000000000001", "0.000000000001"),
        ("1000000000000000", "1000000000000000"),
        ("123456789012345.123456789012", "123456789012345.123456789012"),
        ("0e99", "0"),
        ("1.00000000000000000000000000000000000", "1"),
    ] {
        assert_eq!(exact(text).to_string(), shown, "{text}");
    }
    for text in ["", "-", ".5", "5.", "1e", "1e+", "+1", "NaN", "1,5", " 1", "0x1", "1_000", "--1", "1e1.5"] {
        assert_eq!(Exact::parse(text), Err(NumberError::NotANumber), "{text}");
    }
    for text in [
        "1000000000000000.1",
        "1e16",
        "0.0000000000001",
        "12345678901234567.890123456789",
        "1e999999999999",
        "1e-999999999",
    ] {
        assert_eq!(Exact::parse(text), Err(NumberError::OutOfRange), "{text}");
    }
}

#[test]
fn rounding_modes() {
    use RoundingMode::*;
    let rows = [
        (
            "2.5",
            [(HalfUp, "3"), (HalfDown, "2"), (HalfEven, "2"), (Up, "3"), (Down, "2"), (Ceiling, "3"), (Floor, "2")],
        ),
        (
            "-2.5",
            [
                (HalfUp, "-3"),
                (HalfDown, "-2"),
                (HalfEven, "-2"),
                (Up, "-3"),
                (Down, "-2"),
                (Ceiling, "-2"),
                (Floor, "-3"),
            ],
        ),
        (
            "3.5",
            [(HalfUp, "4"), (HalfDown, "3"), (HalfEven, "4"), (Up, "4"), (Down, "3"), (Ceiling, "4"), (Floor, "3")],
        ),
        (
            "-0.4",
            [(HalfUp, "0"), (HalfDown, "0"), (HalfEven, "0"), (Up, "-1"), (Down, "0"), (Ceiling, "0"), (Floor, "-1")],
        ),
        ("7", [(HalfUp, "7"), (HalfDown, "7"), (HalfEven, "7"), (Up, "7"), (Down, "7"), (Ceiling, "7"), (Floor, "7")]),
    ];
    for (value, modes) in rows {
        for (mode, shown) in modes {
            assert_eq!(exact(value).round(0, mode).to_string(), shown, "{value} {mode:?}");
        }
    }
    assert_eq!(exact("2500.025").round(2, HalfUp).to_fixed(2), "2500.03");
    assert_eq!(exact("-0.004").round(2, HalfUp).to_fixed(2), "0.00");
}

#[test]
fn a_half_cent_that_came_about_through_a_third_is_a_half_cent() {
    let attainment = exact("100000").checked_div(&exact("120000")).unwrap();
    assert_eq!((&attainment * &exact("3000.03")).round(2, RoundingMode::HalfUp).to_fixed(2), "2500.03");
    assert_eq!(attainment.to_string(), "0.833333333333");
}

fn any_exact() -> impl Strategy<Value = Exact> {
    let small = (-1_000_000_i64..1_000_000, 0_u32..6).prop_map(|(n, s)| Exact::scaled(i128::from(n), s));
    let large = (any::<i64>(), any::<i64>()).prop_map(|(a, b)| &Exact::from(a) * &Exact::from(b));
    let fraction =
        (any::<i64>(), 1_i64..1_000_000).prop_map(|(a, b)| Exact::from(a).checked_div(&Exact::from(b)).unwrap());
    prop_oneof![small, large, fraction]
}

fn any_mode() -> impl Strategy<Value = RoundingMode> {
    use RoundingMode::*;
    prop::sample::select(vec![HalfUp, HalfDown, HalfEven, Up, Down, Ceiling, Floor])
}

proptest! {
    #[test]
    fn small_and_big_agree(a in any_exact(), b in any_exact()) {
        prop_assert_eq!((&a + &b).to_big(), a.to_big() + b.to_big());
        prop_assert_eq!((&a - &b).to_big(), a.to_big() - b.to_big());
        prop_assert_eq!((&a * &b).to_big(), a.to_big() * b.to_big());
        prop_assert_eq!(a.cmp(&b), a.to_big().cmp(&b.to_big()));
        if !b.is_zero() {
            prop_assert_eq!(a.checked_div(&b).unwrap().to_big(), a.to_big() / b.to_big());
        }
    }

    #[test]
    fn rounding_is_near_idempotent_and_odd(a in any_exact(), scale in 0_u32..7, mode in any_mode()) {
        let r = a.round(scale, mode);
        prop_assert!((&r - &a).abs() < Exact::scaled(1, scale));
        prop_assert_eq!(r.round(scale, mode), r.clone());
        if !matches!(mode, RoundingMode::Ceiling | RoundingMode::Floor) {
            prop_assert_eq!((-&a).round(scale, mode), -&r);
        }
        prop_assert_eq!(Exact::from_big(a.to_big()).round(scale, mode), r);
    }

    #[test]
    fn printed_decimals_read_back(n in any::<i64>(), s in 0_u32..4) {
        let a = Exact::scaled(i128::from(n) / 100_000, s);
        prop_assert_eq!(Exact::parse(&a.to_string()).unwrap(), a);
    }
}
