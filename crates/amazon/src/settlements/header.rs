//! Columns by name: Amazon's own, written with hyphens, underscores or blanks, and translated (BEHAVIOR 23).
//!
//! Positions mean nothing: columns come reordered, missing (V1 without promotions has 33 of 36) and with others between them.

/// Declares columns: variant, Amazon's name, other names after [`normal`].
macro_rules! columns {
    ($($variant:ident $name:literal [$($alias:literal)*]),* $(,)?) => {
        /// A column that we read.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(crate) enum Column { $(
            #[doc = concat!("`", $name, "`")]
            $variant,
        )* }

        /// All columns with Amazon's name and the other names.
        const NAMES: &[(Column, &str, &[&str])] = &[$((Column::$variant, $name, &[$($alias),*])),*];
    };
}

columns! {
    Settlement "settlement-id" ["abrechnungsnummer" "abrechnungs-id" "settlement-nummer" "numero-de-versement" "id-de-versement" "numero-de-reglement" "id-de-reglement" "identificador-de-liquidacion" "numero-de-liquidacion" "identificador-de-pago" "id-de-liquidacion" "numero-di-pagamento" "id-pagamento" "id-liquidazione" "numero-liquidazione" "identificativo-pagamento" "verrekenings-id" "afrekeningsnummer" "afrekenings-id" "uitbetalings-id" "identyfikator-rozliczenia" "numer-rozliczenia" "avrakningsnummer" "avraknings-id" "utbetalnings-id" "決済番号" "決済id" "清算番号" "清算id"],
    Start "settlement-start-date" ["abrechnungsbeginn" "abrechnungsstartdatum" "startdatum-der-abrechnung" "beginn-der-abrechnung" "abrechnung-startdatum" "date-de-debut-du-versement" "date-de-debut-de-reglement" "date-de-debut-du-reglement" "date-debut-versement" "fecha-de-inicio-de-la-liquidacion" "fecha-de-inicio-de-liquidacion" "fecha-inicio-liquidacion" "data-di-inizio-pagamento" "data-inizio-pagamento" "data-inizio-liquidazione" "data-di-inizio-liquidazione" "startdatum-afrekening" "begindatum-afrekening" "startdatum-verrekening" "data-rozpoczecia-rozliczenia" "poczatek-rozliczenia" "startdatum-for-avrakning" "avrakningens-startdatum" "決済開始日" "清算開始日"],
    End "settlement-end-date" ["abrechnungsende" "abrechnungsenddatum" "enddatum-der-abrechnung" "ende-der-abrechnung" "abrechnung-enddatum" "date-de-fin-du-versement" "date-de-fin-de-reglement" "date-de-fin-du-reglement" "date-fin-versement" "fecha-de-finalizacion-de-la-liquidacion" "fecha-de-fin-de-la-liquidacion" "fecha-de-fin-de-liquidacion" "fecha-fin-liquidacion" "data-di-fine-pagamento" "data-fine-pagamento" "data-fine-liquidazione" "data-di-fine-liquidazione" "einddatum-afrekening" "einddatum-verrekening" "data-zakonczenia-rozliczenia" "koniec-rozliczenia" "slutdatum-for-avrakning" "avrakningens-slutdatum" "決済終了日" "清算終了日"],
    Deposit "deposit-date" ["einzahlungsdatum" "uberweisungsdatum" "auszahlungsdatum" "date-de-depot" "date-du-depot" "date-de-virement" "date-du-virement" "fecha-de-deposito" "fecha-del-deposito" "fecha-de-ingreso" "data-di-deposito" "data-deposito" "data-accredito" "data-di-accredito" "stortingsdatum" "stortdatum" "data-wplaty" "data-wyplaty" "data-depozytu" "insattningsdatum" "振込日" "入金日" "支払日"],
    Total "total-amount" ["gesamtbetrag" "gesamtsumme" "montant-total" "importe-total" "total-importe" "cantidad-total" "importo-totale" "totale-importo" "totaalbedrag" "totaal-bedrag" "kwota-calkowita" "laczna-kwota" "kwota-laczna" "totalbelopp" "totalt-belopp" "合計金額" "総額"],
    Currency "currency" ["currency-code" "wahrung" "wahrungscode" "devise" "monnaie" "moneda" "divisa" "valuta" "waluta" "通貨" "通貨コード"],
    Kind "transaction-type" ["transaktionstyp" "transaktionsart" "art-der-transaktion" "typ-der-transaktion" "type-de-transaction" "type-transaction" "tipo-de-transaccion" "tipo-transaccion" "tipo-di-transazione" "tipo-transazione" "transactietype" "type-transactie" "soort-transactie" "typ-transakcji" "rodzaj-transakcji" "transaktionens-typ" "typ-av-transaktion" "トランザクションの種類" "トランザクションタイプ" "取引の種類" "取引タイプ"],
    Order "order-id" ["amazon-order-id" "bestellnummer" "amazon-bestellnummer" "bestell-id" "auftragsnummer" "numero-de-commande" "n-de-commande" "numero-de-la-commande" "identifiant-de-commande" "id-de-commande" "numero-de-pedido" "id-de-pedido" "identificador-de-pedido" "identificador-del-pedido" "identificador-del-pedido-de-amazon" "numero-del-pedido" "numero-ordine" "numero-d-ordine" "id-ordine" "numero-dell-ordine" "bestelnummer" "order-nummer" "ordernummer" "numer-zamowienia" "identyfikator-zamowienia" "id-zamowienia" "order-nr" "注文番号" "注文id"],
    MerchantOrder "merchant-order-id" ["handler-bestellnummer" "bestellnummer-des-handlers" "verkaufer-bestellnummer" "numero-de-commande-vendeur" "numero-de-commande-du-vendeur" "numero-de-pedido-del-vendedor" "numero-de-pedido-del-comerciante" "numero-ordine-venditore" "numero-ordine-del-venditore" "bestelnummer-verkoper" "numer-zamowienia-sprzedawcy" "saljarens-ordernummer" "出品者注文番号" "販売事業者注文番号" "出品者注文id"],
    Adjustment "adjustment-id" ["anpassungs-id" "anpassungsnummer" "korrektur-id" "identifiant-d-ajustement" "id-d-ajustement" "numero-d-ajustement" "id-de-ajuste" "identificador-de-ajuste" "numero-de-ajuste" "id-rettifica" "id-adeguamento" "numero-rettifica" "aanpassings-id" "correctie-id" "identyfikator-korekty" "id-korekty" "justerings-id" "調整id" "調整番号"],
    Shipment "shipment-id" ["versand-id" "sendungs-id" "sendungsnummer" "lieferungs-id" "numero-d-expedition" "id-d-expedition" "identifiant-d-expedition" "numero-d-envoi" "id-de-envio" "identificador-de-envio" "numero-de-envio" "id-spedizione" "numero-spedizione" "verzendings-id" "zendings-id" "verzending-id" "identyfikator-przesylki" "id-przesylki" "numer-przesylki" "forsandelse-id" "leverans-id" "出荷id" "配送id" "出荷番号"],
    Marketplace "marketplace-name" ["marketplace" "marktplatz" "marktplatzname" "name-des-marktplatzes" "nom-du-site-de-vente" "site-de-vente" "nom-du-marketplace" "place-de-marche" "nombre-del-marketplace" "mercado" "nombre-del-mercado" "nome-del-marketplace" "nome-marketplace" "mercato" "naam-marktplaats" "marktplaats" "nazwa-platformy" "platforma-handlowa" "platforma" "marknadsplats" "marknadsplatsens-namn" "マーケットプレイス" "マーケットプレイス名"],
    Class "amount-type" ["betragstyp" "betragsart" "art-des-betrags" "typ-des-betrags" "type-de-montant" "type-du-montant" "type-montant" "tipo-de-importe" "tipo-importe" "tipo-de-cantidad" "tipo-di-importo" "tipo-importo" "bedragtype" "type-bedrag" "soort-bedrag" "typ-kwoty" "rodzaj-kwoty" "typ-av-belopp" "beloppstyp" "金額タイプ" "金額の種類" "金額種別"],
    Name "amount-description" ["betragsbeschreibung" "beschreibung-des-betrags" "betragsbezeichnung" "description-du-montant" "description-de-montant" "description-montant" "descripcion-del-importe" "descripcion-de-importe" "descripcion-importe" "descripcion-de-la-cantidad" "descrizione-importo" "descrizione-dell-importo" "omschrijving-bedrag" "beschrijving-bedrag" "bedragomschrijving" "opis-kwoty" "beskrivning-av-belopp" "beloppsbeskrivning" "金額の説明" "金額説明"],
    Amount "amount" ["betrag" "montant" "importe" "cantidad-importe" "importo" "bedrag" "kwota" "belopp" "金額"],
    Fulfilment "fulfillment-id" ["fulfilment-id" "fulfillment" "versand-durch" "versandart" "fulfillment-kennung" "ausfuhrungs-id" "identifiant-de-traitement" "id-de-traitement" "expedie-par" "id-de-gestion-logistica" "gestion-logistica" "id-de-cumplimiento" "id-gestione" "gestione" "id-logistica" "afhandelings-id" "afhandeling" "identyfikator-realizacji" "realizacja" "leveransmetod" "distributions-id" "フルフィルメントid" "フルフィルメント"],
    PostedOn "posted-date" ["buchungsdatum" "datum-der-buchung" "veroffentlichungsdatum" "date-de-publication" "date-de-comptabilisation" "date-d-enregistrement" "date-de-l-operation" "fecha-de-publicacion" "fecha-de-contabilizacion" "fecha-de-registro" "data-di-pubblicazione" "data-di-registrazione" "data-registrazione" "data-contabile" "boekingsdatum" "plaatsingsdatum" "data-ksiegowania" "data-opublikowania" "data-zaksiegowania" "bokforingsdatum" "publiceringsdatum" "記帳日" "投稿日" "計上日"],
    PostedAt "posted-date-time" ["buchungszeitpunkt" "buchungsdatum-uhrzeit" "buchungsdatum-und-uhrzeit" "buchungsdatum-zeit" "date-et-heure-de-publication" "date-heure-de-publication" "date-et-heure-de-comptabilisation" "date-et-heure-d-enregistrement" "fecha-y-hora-de-publicacion" "fecha-hora-de-publicacion" "fecha-y-hora-de-contabilizacion" "fecha-y-hora-de-registro" "data-e-ora-di-pubblicazione" "data-ora-di-pubblicazione" "data-e-ora-di-registrazione" "data-ora-registrazione" "boekingsdatum-tijd" "boekingsdatum-en-tijd" "data-i-godzina-ksiegowania" "data-godzina-ksiegowania" "bokforingsdatum-tid" "bokforingsdatum-och-tid" "記帳日時" "投稿日時" "計上日時"],
    OrderLine "order-item-code" ["order-item-id" "bestellpositionsnummer" "bestellpositionscode" "bestellartikelcode" "bestellposten-id" "code-article-de-la-commande" "code-de-l-article-commande" "code-article-commande" "codigo-de-articulo-del-pedido" "codigo-del-articulo-del-pedido" "codigo-articulo-pedido" "codice-articolo-ordine" "codice-articolo-dell-ordine" "bestelartikelcode" "code-bestelartikel" "kod-pozycji-zamowienia" "kod-artykulu-zamowienia" "orderartikelkod" "注文商品コード" "注文商品番号"],
    Sku "sku" ["seller-sku" "merchant-sku" "handler-sku" "sku-vendeur" "sku-del-vendedor" "sku-venditore"],
    Quantity "quantity-purchased" ["quantity" "menge" "gekaufte-menge" "bestellmenge" "anzahl" "quantite" "quantite-achetee" "cantidad" "cantidad-comprada" "quantita" "quantita-acquistata" "aantal" "gekocht-aantal" "aangekocht-aantal" "ilosc" "zakupiona-ilosc" "antal" "inkopt-antal" "kopt-antal" "数量" "購入数量" "購入数"],
    Promotion "promotion-id" ["aktions-id" "werbeaktions-id" "identifiant-de-promotion" "id-promotion" "id-de-promotion" "identificador-de-promocion" "id-de-promocion" "id-promozione" "promotie-id" "actie-id" "identyfikator-promocji" "id-promocji" "kampanj-id" "プロモーションid"],
    ShipmentFeeType "shipment-fee-type" [],
    ShipmentFee "shipment-fee-amount" [],
    OrderFeeType "order-fee-type" [],
    OrderFee "order-fee-amount" [],
    PriceType "price-type" [],
    Price "price-amount" [],
    ItemFeeType "item-related-fee-type" [],
    ItemFee "item-related-fee-amount" [],
    MiscFee "misc-fee-amount" [],
    OtherFee "other-fee-amount" [],
    OtherFeeReason "other-fee-reason-description" [],
    PromotionType "promotion-type" [],
    PromotionAmount "promotion-amount" [],
    DirectPaymentType "direct-payment-type" [],
    DirectPayment "direct-payment-amount" [],
    OtherAmount "other-amount" [],
}

/// How many columns we know.
pub(crate) const COLUMNS: usize = NAMES.len();

impl Column {
    /// Amazon's name of the column.
    pub(crate) fn name(self) -> &'static str {
        NAMES.iter().find(|(column, ..)| *column == self).map_or("", |(_, name, _)| name)
    }

    fn of(cell: &str) -> Option<Column> {
        let cell = normal(cell);
        let same = |(_, name, aliases): &&(Column, &str, &[&str])| *name == cell || aliases.contains(&cell.as_str());
        NAMES.iter().find(same).map(|(column, ..)| *column)
    }
}

/// Columns that hold an amount in V1, in the order in which they become rows.
pub(crate) const V1_AMOUNTS: [Column; 9] = [
    Column::Price,
    Column::ItemFee,
    Column::ShipmentFee,
    Column::OrderFee,
    Column::MiscFee,
    Column::OtherFee,
    Column::PromotionAmount,
    Column::DirectPayment,
    Column::OtherAmount,
];

/// Where each column stands in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Columns {
    places: [Option<u8>; COLUMNS],
    known: usize,
    width: usize,
}

impl Columns {
    /// Reads a header. The first of two columns with one meaning counts.
    pub(crate) fn of(cells: &[String]) -> Columns {
        let mut columns = Columns { places: [None; COLUMNS], known: 0, width: cells.len() };
        for (place, cell) in cells.iter().enumerate() {
            let Some(column) = Column::of(cell) else { continue };
            let own = &mut columns.places[column as usize];
            if own.is_none() {
                *own = u8::try_from(place).ok();
                columns.known += 1;
            }
        }
        columns
    }

    /// All columns in our own order: what the readers of other formats fill.
    pub(crate) fn all() -> Columns {
        Columns::of(&NAMES.iter().map(|(_, name, _)| (*name).to_owned()).collect::<Vec<_>>())
    }

    #[inline]
    pub(crate) fn place(&self, column: Column) -> Option<u8> {
        self.places[column as usize]
    }

    pub(crate) fn has(&self, column: Column) -> bool {
        self.place(column).is_some()
    }

    /// Columns that we know.
    pub(crate) fn known(&self) -> usize {
        self.known
    }

    /// Columns of the header.
    pub(crate) fn width(&self) -> usize {
        self.width
    }
}

/// Lower case, without accents, with one hyphen for whatever stands between words.
pub(crate) fn normal(cell: &str) -> String {
    let mut name = String::with_capacity(cell.len());
    for character in cell.trim().trim_matches('"').trim().chars().flat_map(char::to_lowercase) {
        let plain = match character {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ą' => 'a',
            'ç' | 'ć' => 'c',
            'è' | 'é' | 'ê' | 'ë' | 'ę' => 'e',
            'ì' | 'í' | 'î' | 'ï' => 'i',
            'ł' => 'l',
            'ñ' | 'ń' => 'n',
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' => 'o',
            'ś' => 's',
            'ù' | 'ú' | 'û' | 'ü' => 'u',
            'ź' | 'ż' => 'z',
            // `to_lowercase` of İ leaves this dot behind.
            '\u{feff}' | '\u{307}' | '°' => continue,
            character if character.is_alphanumeric() || character == 'ー' => character,
            _ => '-',
        };
        if plain != '-' || !(name.is_empty() || name.ends_with('-')) {
            name.push(plain);
        }
    }
    name.truncate(name.trim_end_matches('-').len());
    name
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_name_means_two_columns_and_each_is_in_its_normal_form() {
        let mut seen = HashSet::new();
        for (_, name, aliases) in NAMES {
            for name in aliases.iter().chain([name]) {
                assert!(seen.insert(*name), "{name} is there twice");
                assert_eq!(normal(name), *name);
            }
        }
    }

    #[test]
    fn case_underscores_blanks_quotes_and_accents_do_not_matter() {
        for cell in ["settlement-id", "Settlement ID", "SETTLEMENT_ID", "\u{feff}\"settlement-id\"", " settlement--id "]
        {
            assert_eq!(Column::of(cell), Some(Column::Settlement), "{cell}");
        }
        assert_eq!(Column::of("Währung"), Some(Column::Currency));
        assert_eq!(Column::of("Numéro de commande"), Some(Column::Order));
        assert_eq!(Column::of("Typ kwoty"), Some(Column::Class));
        assert_eq!(Column::of("Łączna kwota"), Some(Column::Total));
        assert_eq!(Column::of("金額"), Some(Column::Amount));
        assert_eq!(Column::of("product-sales"), None);
    }
}
